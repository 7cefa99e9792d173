"""How long a search takes on a large archive: `wire search`'s own questions, facets included, on a real Elasticsearch.

    python -m benchmarks.search --corpus FOLDER [--articles 100000]

The archive (`benchmarks.archive`) is made of about a hundred articles of the folder, enriched once. Its documents are
sent straight to monthly indices of their own, which have the pipeline's templates and are deleted at the end: the
registries of the pipeline's writer, which no search reads, would take most of an hour. Then questions of 20 kinds,
each time with other words and names, are asked one after the other and by four at once, as from as many desks; a time
is from question to hits, the parsing of both included. Elasticsearch keeps no counts of the newest month, where new
articles would undo them every second, but may keep those of months that are over, as it does for a desk.

Printed: p50 and p99 of all, p50 and the longest of each kind, and the CPU time of a question, which tells more than
seconds do where others use the machine.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from statistics import quantiles
from typing import Any
from uuid import uuid4

from elasticsearch import AsyncElasticsearch, Elasticsearch

from benchmarks.archive import FEEDS, PROVIDERS, archive, frequent
from benchmarks.throughput import articles_of
from pipeline.article import Article
from pipeline.config import IndexingSettings, load_settings
from pipeline.enrichment.enricher import Enricher
from pipeline.indexing.documents import document
from pipeline.indexing.templates import set_up
from pipeline.searching.queries import Question, search

MODELS = 120
BATCH = 250
WANTED_P99 = 0.2
_WARM_UP = 400
"""Questions before those that are timed, none of them the same: Java compiles what runs often."""
PATIENCE = 120.0
"""Seconds in which a batch is written, or what was written can be found."""

Ask = Callable[[random.Random], Question]


def main() -> None:
    """Make the archive, ask, print, delete."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.search", description=__doc__)
    parser.add_argument("--corpus", type=Path, required=True, help="folder of articles")
    parser.add_argument("--articles", type=int, default=100_000, help="articles of the archive")
    parser.add_argument("--questions", type=int, default=1000, help="questions for each number of desks")
    arguments = parser.parse_args()
    name = f"bench-search-{uuid4().hex[:8]}"
    indexing = IndexingSettings(articles=f"{name}-articles", stances=f"{name}-stances", stories=f"{name}-stories")
    models = _models(arguments.corpus)
    with _indices(indexing) as client:
        start = time.perf_counter()
        _index(client, indexing, models, arguments.articles)
        print(f"{arguments.articles:,} articles indexed in {time.perf_counter() - start:.0f} s; {_node(client)}")
        kinds = _kinds(_words(models))
        for desks in (1, 4):
            _report(desks, _times(client, indexing, kinds, arguments.questions, desks))


def _models(folder: Path) -> list[Article]:
    paths = sorted(folder.glob("*.txt"))
    spread = [paths[number * len(paths) // MODELS] for number in range(MODELS)]
    enricher = Enricher(load_settings().enrichment)
    enriched = enricher.enrich(Article.from_json(line) for line in articles_of(spread))
    return [one for one in enriched if one.enrich and one.body]


@contextmanager
def _indices(indexing: IndexingSettings) -> Iterator[Elasticsearch]:
    """A client, and the end of all indices and templates under our names."""
    with Elasticsearch(**load_settings().elasticsearch.client_options()) as client:
        try:
            yield client
        finally:
            own = client.indices.get(index=f"{indexing.articles}-*,{indexing.stances}-*,{indexing.stories}*")
            client.indices.delete(index=[*own])
            for prefix in (indexing.articles, indexing.stances):
                client.indices.delete_index_template(name=prefix)
                found = client.cluster.get_component_template(name=f"{prefix}-*")["component_templates"]
                client.cluster.delete_component_template(name=[one["name"] for one in found])


def _index(client: Elasticsearch, indexing: IndexingSettings, models: Sequence[Article], count: int) -> None:
    """Make the documents and send them, in processes of their own."""
    asyncio.run(_set_up(indexing))
    batches = [range(start, min(start + BATCH, count)) for start in range(0, count, BATCH)]
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        list(pool.map(partial(_send, indexing.articles, models), batches))
    months = sorted(client.indices.get(index=f"{indexing.articles}-*"))
    client.indices.put_settings(index=months[-1], settings={"index.requests.cache.enable": False})
    client.options(request_timeout=PATIENCE).indices.refresh(index=months)


async def _set_up(indexing: IndexingSettings) -> None:
    async with AsyncElasticsearch(**load_settings().elasticsearch.client_options()) as client:
        await set_up(client, indexing)


def _send(prefix: str, models: Sequence[Article], numbers: range) -> None:
    """Write some articles of the archive, each the copy of no other."""
    lines: list[dict[str, Any]] = []
    for article in archive(models, numbers):
        lines.append({"index": {"_index": f"{prefix}-{article.story_date:%Y.%m}", "_id": article.uri}})
        lines.append(document(article) | {"dup": {"clusterId": article.uri, "role": "original"}})
    with Elasticsearch(**load_settings().elasticsearch.client_options()) as client:
        if client.options(request_timeout=PATIENCE).bulk(operations=lines)["errors"]:
            raise RuntimeError("Elasticsearch refused an article: its mapping and the documents differ")


def _node(client: Elasticsearch) -> str:
    """What decides how fast Elasticsearch is, beside the machine: which compiler its Java uses."""
    nodes = client.nodes.info(metric="jvm")["nodes"].values()
    quick = any("-XX:TieredStopAtLevel=1" in node["jvm"]["input_arguments"] for node in nodes)
    return f"Elasticsearch {'without' if quick else 'with'} Java's optimizing compiler"


@contextmanager
def _cpu(client: Elasticsearch, questions: int) -> Iterator[None]:
    """Print the CPU time of a question, of Elasticsearch and of ourselves, and how busy the machine was."""

    def used() -> tuple[float, float]:
        nodes = client.nodes.stats(metric="process")["nodes"].values()
        return sum(node["process"]["cpu"]["total_in_millis"] for node in nodes), 1000 * time.process_time()

    before = used()
    yield
    theirs, ours = (after - start for after, start in zip(used(), before, strict=True))
    print(f"CPU a question: Elasticsearch {theirs / questions:.0f} ms, client {ours / questions:.1f} ms; ", end="")
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores", flush=True)


def _words(models: Sequence[Article]) -> list[str]:
    found = {word.casefold() for model in models for word in model.text.split() if word.isalpha() and len(word) > 4}
    return sorted(found)


def _kinds(words: Sequence[str]) -> Mapping[str, Ask]:
    """20 kinds of questions, each with facets."""

    def ask(query: Callable[[random.Random], str], **more: object) -> Ask:
        return lambda chance: Question(words=query(chance), facets=True, **more)  # type: ignore[arg-type]

    def word(chance: random.Random) -> str:
        return chance.choice(words)

    def person(chance: random.Random) -> str:
        return f'"{frequent("PERSON", chance)}"'

    def surname(chance: random.Random) -> str:
        return frequent("PERSON", chance).split()[1]

    def org(chance: random.Random) -> str:
        return f'"{frequent("ORG", chance)}"'

    def place(chance: random.Random) -> str:
        return frequent("GPE", chance)

    return {
        "everything": ask(lambda _: ""),
        "a word": ask(word),
        "a frequent word": ask(lambda _: "government"),
        "two words": ask(lambda c: f"{word(c)} {word(c)}"),
        "either of four words": ask(lambda c: " OR ".join(word(c) for _ in range(4))),
        "a phrase": ask(lambda _: '"prime minister"'),
        "a beginning": ask(lambda c: f"{word(c)[:4]}*"),
        "words without another": ask(lambda c: f"president -{word(c)}"),
        "a surname as a word": ask(surname),
        "another spelling": ask(lambda _: "Kiev talks"),
        "a person": ask(lambda c: f"person:{person(c)}"),
        "a surname": ask(lambda c: f"person:{surname(c)} {word(c)}"),
        "an organisation and a place": ask(lambda c: f"org:{org(c)} place:{place(c)}"),
        "the last week": ask(lambda c: f"from:now-7d {word(c)}"),
        "an agency by time": ask(lambda c: f"provider:{c.choice(PROVIDERS)}", sort="time"),
        "urgent news of a feed": ask(lambda c: f"feed:{c.choice(FEEDS)} urgency:1..3 change:correction"),
        "who is against it": ask(lambda c: f"against:{place(c)}"),
        "a holder for or against": ask(lambda c: f"holder:{surname(c)} (for:{place(c)} OR against:{place(c)})"),
        "a quote": ask(lambda c: f"speaker:{surname(c)} quote:{word(c)}"),
        "all of it": ask(lambda c: f"{word(c)} person:{surname(c)} label:against from:now-180d -is:alert"),
    }


def _times(
    client: Elasticsearch, indexing: IndexingSettings, kinds: Mapping[str, Ask], count: int, desks: int
) -> Mapping[str, list[float]]:
    """Seconds by kind; prints the CPU time."""

    def made(count: int, seed: int) -> list[tuple[str, Question]]:
        chance = random.Random(seed)
        return [(kind, ask(chance)) for _ in range(count // len(kinds) + 1) for kind, ask in kinds.items()]

    asked = made(count, desks)

    def timed(question: Question) -> float:
        start = time.perf_counter()
        search(client, indexing, question)
        return time.perf_counter() - start

    with ThreadPoolExecutor(desks) as pool:
        list(pool.map(timed, [question for _, question in made(_WARM_UP, -desks - 1)]))
        with _cpu(client, len(asked)):
            taken = list(pool.map(timed, [question for _, question in asked]))
    times: dict[str, list[float]] = {}
    for (kind, _), seconds in zip(asked, taken, strict=True):
        times.setdefault(kind, []).append(seconds)
    return times


def _report(desks: int, times: Mapping[str, Sequence[float]]) -> None:
    everything = [seconds for each in times.values() for seconds in each]
    p50, p99 = _percentiles(everything)
    met = "within" if p99 <= WANTED_P99 else "over"
    print(f"{desks} at once: p50 {1000 * p50:.0f} ms, p99 {1000 * p99:.0f} ms ({met} {1000 * WANTED_P99:.0f} ms)")
    for kind, each in sorted(times.items(), key=lambda one: -max(one[1])):
        print(f"  {kind:30} p50 {1000 * _percentiles(each)[0]:4.0f}  longest {1000 * max(each):4.0f}")


def _percentiles(seconds: Sequence[float]) -> tuple[float, float]:
    cuts = quantiles(seconds, n=100, method="inclusive")
    return cuts[49], cuts[98]


if __name__ == "__main__":
    main()
