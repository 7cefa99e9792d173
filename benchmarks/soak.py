"""A soak with faults: whatever fails meanwhile, fed = indexed + withheld + retracted + superseded + dead, each once.

    python -m benchmarks.soak --corpus FOLDER --articles 15000

Starts a Kafka and an Elasticsearch of its own, feeds real texts with poison, corrections and kills among them, and
makes something fail every few seconds: see `benchmarks.soak_faults`. At the end it reads the index and the dead
letters, and compares them, article by article, with what must have become of each. Exits with 1 if the account does not
balance.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from itertools import islice
from pathlib import Path

import psutil
from elasticsearch import Elasticsearch
from elasticsearch.helpers import scan
from kafka.errors import KafkaError
from rich.console import Console
from rich.progress import Progress

from benchmarks.running import environment, own_settings, waiting
from benchmarks.soak_faults import Faults, proxy
from benchmarks.soak_load import Expected, load
from pipeline.config import ElasticsearchSettings, KafkaSettings, Settings
from pipeline.errors import WireError
from pipeline.feeding.producer import deliver
from pipeline.feeding.sources import Item
from pipeline.headers import SOURCE
from pipeline.kafka_clients import open_admin
from pipeline.local import LocalStack
from pipeline.streaming.dead_letters import open_letters
from pipeline.streaming.topics import create_topics
from tests.stack import own_stack

FED_AT_ONCE, FED_AHEAD = 100, 400
PAUSE_SECONDS = (4.0, 25.0)
LONGEST_SECONDS = 3 * 3600.0
LAST_SECONDS = 600.0


def main() -> None:
    """Soak, and print the account."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description=__doc__)
    parser.add_argument("--corpus", type=Path, required=True, help="folder of articles")
    parser.add_argument("--articles", type=int, default=15_000)
    parser.add_argument("--processes", type=int, default=psutil.cpu_count() or 1, help="enrichment processes")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    items = load(sorted(arguments.corpus.glob("*.txt")), arguments.articles, arguments.seed)
    with ExitStack() as ending:
        stack = ending.enter_context(own_stack())
        between = ending.enter_context(proxy(f"http://{stack.elasticsearch.address}"))
        settings = _settings(stack)
        create_topics(settings.kafka, settings.topics)
        log = Path(ending.enter_context(tempfile.TemporaryDirectory(prefix="wire-soak-"))) / "workers.log"
        variables = environment(
            settings,
            WIRE_KAFKA__BOOTSTRAP_SERVERS=settings.kafka.bootstrap_servers,
            WIRE_ELASTICSEARCH__URL=between.url,
        )
        faults = Faults(stack, between.faults, variables, arguments.processes, log, arguments.seed)
        ending.callback(faults.stop)
        begun = time.monotonic()
        expected, memory = _soak(settings, items, faults, arguments.articles, arguments.seed)
        balanced = _account(settings, expected)
        print(f"{time.monotonic() - begun:.0f} s; memory of all workers, highest: {memory / 1e6:.0f} MB")
        print("faults: " + ", ".join(f"{name} {count}" for name, count in faults.counts.most_common()))
    sys.exit(not balanced)


def _settings(stack: LocalStack) -> Settings:
    return own_settings().model_copy(
        update={
            "kafka": KafkaSettings(bootstrap_servers=stack.kafka.address),
            "elasticsearch": ElasticsearchSettings(url=f"http://{stack.elasticsearch.address}"),
        }
    )


def _soak(settings: Settings, items: Iterator[Item], faults: Faults, count: int, seed: int) -> tuple[Expected, int]:
    """Feed little ahead of the workers, so that faults meet all stages; returns the account and the workers' memory."""
    chance = random.Random(seed)
    expected, memory = Expected(), 0
    next_fault = time.monotonic() + chance.uniform(*PAUSE_SECONDS)
    deadline = time.monotonic() + LONGEST_SECONDS
    with Progress(console=Console(stderr=True)) as progress:
        bar = progress.add_task("soak", total=count)
        todo: list[Item] = []
        while time.monotonic() < deadline:
            ahead = _waiting(settings)
            memory = max(memory, faults.memory())
            if ahead is not None and ahead < FED_AHEAD and (todo := todo or list(islice(items, FED_AT_ONCE))):
                todo = _fed(settings, todo, expected)
            elif ahead == 0 and not todo:
                break
            if time.monotonic() > next_fault and expected.items < count:
                faults.one()
                next_fault = time.monotonic() + chance.uniform(*PAUSE_SECONDS)
            progress.update(bar, completed=expected.items - (ahead or 0))
            time.sleep(0.5)
    faults.end()
    return expected, memory


def _fed(settings: Settings, items: Sequence[Item], expected: Expected) -> list[Item]:
    """Feed items and enter them into the account; returns those that the broker has not confirmed."""
    fates = list(deliver(items, settings.kafka, settings.topics, settings.feeding))
    for item, fate in zip(items, fates, strict=True):
        if not fate.unconfirmed:
            expected.add(item)
    return [item for item, fate in zip(items, fates, strict=True) if fate.unconfirmed]


def _waiting(settings: Settings) -> int | None:
    """Messages that wait in all stages; None while the broker does not answer."""
    try:
        with open_admin(settings.kafka) as admin:
            return waiting(settings, admin)
    except (KafkaError, WireError):
        return None


def _account(settings: Settings, expected: Expected) -> bool:
    """Compare what is there with what must be, and print it; whether it balances."""
    dead = {one.letter.headers.get(SOURCE, b"").decode() for one in open_letters(settings)}
    found = Counter[str]()
    there: dict[str, tuple[int, str]] = {}
    with Elasticsearch(**settings.elasticsearch.client_options()) as client:
        pattern = f"{settings.indexing.articles}-*"
        client.indices.refresh(index=pattern)
        for hit in scan(client, index=pattern, query={"_source": ["pubStatus"], "version": True}):
            found[hit["_id"]] += 1
            there[hit["_id"]] = (hit["_version"], hit["_source"]["pubStatus"])
    twice = [uri for uri, count in found.items() if count > 1]
    lost = [uri for uri in expected.articles if uri not in there]
    wrong = {uri: (there[uri], told) for uri, told in expected.articles.items() if uri in there and there[uri] != told}
    statuses = Counter(status for _, status in expected.articles.values())
    print(f"fed {expected.items:,} = {expected.superseded:,} superseded + {len(expected.dead):,} dead", end="")
    print("".join(f" + {count:,} {status}" for status, count in statuses.items()))
    findings = {
        "lost": lost,
        "twice in the index": twice,
        "otherwise than fed": [f"{uri}: {pair}" for uri, pair in wrong.items()],
        "in the index, never fed": [uri for uri in there if uri not in expected.articles],
        "dead, but should live": sorted(dead - expected.dead),
        "should be dead": sorted(expected.dead - dead),
    }
    for what, those in findings.items():
        print(f"  {what}: {len(those)}" + "".join(f"\n    {one}" for one in those[:5]))
    return not any(findings.values())


if __name__ == "__main__":
    main()
