"""Readers and cleaning against damaged and hostile items: only `Poison` may be raised, within bounded time.

python -m benchmarks.fuzz FOLDER... --seconds 600 --seed 1 --findings FOLDER

Every file of the folders is a seed. First each is cut at every byte (large ones at a few hundred places), then all
are mutated and pumped up at random, and hostile documents are read, until the time is up. The same seed number gives
the same items. What is found is written to the findings folder, one item for each place in the code, and named.
"""

from __future__ import annotations

import argparse
import random
import resource
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

from benchmarks.hostile import HOSTILE_PIECES, LARGE, hostile_documents
from pipeline import cleaning, formats
from pipeline.article import Article
from pipeline.errors import Poison
from pipeline.headers import Hints

CUTS = 400
"""Places at which a file is cut at most."""

SECONDS_A_MEGABYTE = 2.0
SECONDS_AT_LEAST = 0.4
"""An item of any size may take this long: the first of its kind loads a library."""

RECEIVED = datetime(2026, 11, 20, 12, tzinfo=UTC)

MEMORY = 2_000_000_000
"""Bytes of address space: an item that asks for more is a finding."""

_ENCODINGS = (
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "utf-32",
    "latin-1",
    "cp1252",
    "cp037",
    "shift_jis",
    "utf-7",
    "koi8-r",
)


class Slow(BaseException):
    """The time an item may take is over."""


@dataclass(slots=True)
class Findings:
    """What went wrong, one item for each place in the code."""

    folder: Path
    known: Counter[str] = field(default_factory=Counter)
    causes: Counter[str] = field(default_factory=Counter)
    items: int = 0
    articles: int = 0
    slowest: tuple[float, float, str] = (0.0, 1.0, "")

    def note(self, what: str, data: bytes, error: BaseException) -> None:
        """Keep an item that shows a fault; of each fault only the first."""
        frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "/pipeline/" in frame.filename]
        place = f"{Path(frames[-1].filename).name}:{frames[-1].name}:{frames[-1].lineno}" if frames else "?"
        key = f"{what} {type(error).__name__} at {place}"
        self.known[key] += 1
        if self.known[key] == 1:
            path = self.folder / f"{len(self.known):03}-{type(error).__name__}.bin"
            path.write_bytes(data)
            print(f"found: {key}: {str(error)[:200]!r} ({len(data):,} bytes, {path})", flush=True)


def main() -> None:
    """Fuzz until the time is up, and say what was found; exit code 1 if there is anything."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fuzz", description=__doc__)
    parser.add_argument("folders", type=Path, nargs="+", help="folders of seeds")
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--findings", type=Path, required=True, help="folder for the items that show faults")
    parser.add_argument("--no-cuts", action="store_true", help="go straight to the mutations")
    options = parser.parse_args()
    options.findings.mkdir(parents=True, exist_ok=True)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    signal.signal(signal.SIGPROF, _too_slow)
    seeds = [path.read_bytes() for folder in options.folders for path in sorted(folder.rglob("*")) if _is_item(path)]
    findings = Findings(options.findings)
    begun = time.monotonic()
    for made, data in _items(seeds, random.Random(options.seed), cuts=not options.no_cuts):
        if time.monotonic() - begun > options.seconds:
            break
        _try(made, data, findings)
    seconds, allowed, what = findings.slowest
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{findings.items:,} items in {time.monotonic() - begun:.0f} s, {findings.articles:,} read as articles; "
        f"slowest for its size {seconds:.2f} s of {allowed:.2f} s ({what}); at most {memory:.0f} MiB"
    )
    print("poison by cause: " + ", ".join(f"{cause} {count:,}" for cause, count in findings.causes.most_common()))
    print("\n".join(f"{count:6} x {key}" for key, count in findings.known.most_common()) or "no faults")
    sys.exit(1 if findings.known else 0)


def _is_item(path: Path) -> bool:
    return path.is_file() and path.name != "LICENSE" and path.stat().st_size < LARGE


def _too_slow(_signal: int, _frame: FrameType | None) -> None:
    raise Slow


def _try(made: str, data: bytes, findings: Findings) -> None:
    """Read and clean one item within the time it may take."""
    findings.items += 1
    allowed = SECONDS_AT_LEAST + SECONDS_A_MEGABYTE * len(data) / 1_000_000
    begun = time.process_time()
    signal.setitimer(signal.ITIMER_PROF, allowed)
    try:
        for reading in read_and_clean(data):
            findings.articles += isinstance(reading, Article)
            if isinstance(reading, Poison):
                findings.causes[reading.cause] += 1
    except (Exception, Slow) as error:  # noqa: BLE001 - what else is raised is what is looked for
        signal.setitimer(signal.ITIMER_PROF, 0)
        findings.note(made, data, error)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    seconds = time.process_time() - begun
    if seconds / allowed > findings.slowest[0] / findings.slowest[1]:
        findings.slowest = (seconds, allowed, f"{len(data):,} bytes, {made}")


def read_and_clean(data: bytes) -> list[Article | Poison]:
    """What an item gives, as in the clean stage; anything else than that is a fault and raised.

    Raises:
        AssertionError: an article is not what every article is.
    """
    try:
        readings = formats.read(data, Hints("fuzz", RECEIVED), max_item_bytes=2 * LARGE)
    except Poison as poison:
        return [poison]
    for reading in readings:
        if isinstance(reading, Article):
            _check(reading, cleaning.clean(reading))
    return readings


def _check(read: Article, clean: Article) -> None:
    """What is true of every article: it can be sent on, and its offsets are within its text."""
    Article.from_json(clean.to_json())
    if not all(0 <= block.start < block.end <= len(clean.text) for block in clean.body):
        raise AssertionError("a block is outside the text")
    if not all(read.text[one.start : one.end] == one.text for one in clean.wire.cleaning):
        raise AssertionError("a removal is not where it says")


def _items(seeds: list[bytes], chance: random.Random, *, cuts: bool) -> Iterator[tuple[str, bytes]]:
    yield from hostile_documents()
    for data in seeds if cuts else []:
        step = max(1, len(data) // CUTS)
        yield from (("cut", data[:end]) for end in range(0, len(data), step))
    yield from mutated(seeds, chance)


def mutated(seeds: list[bytes], chance: random.Random) -> Iterator[tuple[str, bytes]]:
    """Items without end, made of seeds: what was done to each, and the item."""
    mutations = list(_MUTATIONS)
    while True:
        data = chance.choice(seeds)
        if chance.random() < 0.02:
            yield "pumped", _pumped(data, chance)
            continue
        names = []
        for _ in range(chance.choice((1, 1, 2, 3, 5))):
            mutation = chance.choice(mutations)
            names.append(mutation.__name__.strip("_"))
            data = mutation(data, chance, seeds) or b"\n"
        yield "+".join(names), data[:LARGE]


def _piece(data: bytes, chance: random.Random, most: int = 400) -> tuple[int, int]:
    start = chance.randrange(len(data) or 1)
    return start, min(len(data), start + chance.randint(1, most))


def _flipped(data: bytes, chance: random.Random, _seeds: list[bytes]) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.randint(1, 8)):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _randomised(data: bytes, chance: random.Random, _seeds: list[bytes]) -> bytes:
    start, end = _piece(data, chance, 12)
    return data[:start] + chance.randbytes(end - start) + data[end:]


def _deleted(data: bytes, chance: random.Random, _seeds: list[bytes]) -> bytes:
    start, end = _piece(data, chance)
    return data[:start] + data[end:]


def _duplicated(data: bytes, chance: random.Random, _seeds: list[bytes]) -> bytes:
    start, end = _piece(data, chance)
    return data[:end] + data[start:end] * chance.choice((1, 2, 10, 100)) + data[end:]


def _spliced(data: bytes, chance: random.Random, seeds: list[bytes]) -> bytes:
    other = chance.choice(seeds)
    return data[: chance.randrange(len(data))] + other[chance.randrange(len(other)) :]


def _implanted(data: bytes, chance: random.Random, seeds: list[bytes]) -> bytes:
    other = chance.choice(seeds)
    start, end = _piece(other, chance)
    at = chance.randrange(len(data))
    return data[:at] + other[start:end] + data[at:]


def _poisoned(data: bytes, chance: random.Random, _seeds: list[bytes]) -> bytes:
    start, end = _piece(data, chance, 20)
    return data[:start] + chance.choice(HOSTILE_PIECES) + data[chance.choice((start, end)) :]


def _truncated(data: bytes, chance: random.Random, _seeds: list[bytes]) -> bytes:
    return data[: chance.randrange(len(data))]


def _swapped(data: bytes, chance: random.Random, _seeds: list[bytes]) -> bytes:
    lines = data.split(b"\n")
    chance.shuffle(lines)
    return b"\n".join(lines)


def _recoded(data: bytes, chance: random.Random, _seeds: list[bytes]) -> bytes:
    return data.decode("utf-8", "replace").encode(chance.choice(_ENCODINGS), "replace")


def _value(data: bytes, chance: random.Random, _seeds: list[bytes]) -> bytes:
    """The content of one pair of quotes or brackets replaced, so that the document stays well-formed."""
    opens, closes = chance.choice(((b'"', b'"'), (b">", b"<"), (b": ", b","), (b"'", b"'")))
    start = data.find(opens, chance.randrange(len(data))) + len(opens)
    end = data.find(closes, start)
    return data[:start] + chance.choice(HOSTILE_PIECES) + data[end:] if start >= len(opens) and end > 0 else data


_MUTATIONS: tuple[Callable[[bytes, random.Random, list[bytes]], bytes], ...] = (
    _flipped, _randomised, _deleted, _duplicated, _spliced, _implanted, _poisoned, _truncated, _swapped, _recoded,
    _value, _value, _value,
)  # fmt: skip


def _pumped(data: bytes, chance: random.Random) -> bytes:
    """One piece repeated until the item has up to a megabyte: what takes more than linear time shows."""
    start, end = _piece(data, chance, chance.choice((1, 2, 8, 60, 400)))
    piece = chance.choice((data[start:end], data[start:end], chance.choice(HOSTILE_PIECES)))
    size = chance.choice((50_000, 200_000, LARGE))
    return (data[:start] + piece * (size // max(1, len(piece))) + data[start:])[:LARGE]


if __name__ == "__main__":
    main()
