"""Near-duplicates: of reprints and rewrites made of real articles, how many are found, and what else is taken for one.

python -m benchmarks.duplicates --corpus FOLDER

Of each article seven copies are made as agencies and desks make them. A pair of texts is right if both come from one
article. Pairs of articles as they came are counted apart, to be read: some of them are real reprints.
"""

from __future__ import annotations

import argparse
import random
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from pipeline import cleaning, formats
from pipeline.article import Article, Block
from pipeline.errors import Poison
from pipeline.headers import Hints
from pipeline.indexing.fingerprint import Fingerprint, Kind, Signature, kinship

SEED = 20261124
LEAST_PARAGRAPHS = 4
_SHOWN = 10
WANTED = {"precision": 0.98, "reprint": 0.98, "rewrite": 0.7}

Paragraphs = list[str]
_SENTENCE = re.compile(r"(?<=[.!?])[\"'”’]?\s+")


def cut(text: Paragraphs, chance: random.Random, _: Paragraphs) -> Paragraphs:
    """The last paragraphs left out, up to half of them."""
    return text[: len(text) - chance.randint(1, len(text) // 2)]


def credited(text: Paragraphs, chance: random.Random, _: Paragraphs) -> Paragraphs:
    """With another agency's dateline and credits."""
    agency, place = chance.choice(["NordWire", "Kestrel", "Meridian"]), chance.choice(["TESSIKA", "PORT ARDEN"])
    return [
        f"{place}, Nov 24 ({agency}) - {text[0]}",
        *text[1:],
        f"(Reporting by {agency} staff; editing by A. Lamont)",
    ]


def inserted(text: Paragraphs, chance: random.Random, others: Paragraphs) -> Paragraphs:
    """With a paragraph of somebody else's."""
    at = chance.randint(1, len(text) - 1)
    return [*text[:at], chance.choice(others), *text[at:]]


def reworded(text: Paragraphs, chance: random.Random, others: Paragraphs) -> Paragraphs:
    """One word in twenty-five replaced by another."""
    words = chance.choice(others).split()
    return [" ".join(chance.choice(words) if chance.random() < 0.04 else w for w in one.split()) for one in text]


def reordered(text: Paragraphs, chance: random.Random, _: Paragraphs) -> Paragraphs:
    """All paragraphs but the first in another order."""
    return [text[0], *chance.sample(text[1:], len(text) - 1)]


def styled(text: Paragraphs, _: random.Random, __: Paragraphs) -> Paragraphs:
    """In another house's style of quote marks, dashes and capitals."""
    first, *rest = text[0].split(" ")
    plain = str.maketrans({"“": '"', "”": '"', "’": "'", "–": "-", "—": "-"})
    return [" ".join([first.upper(), *rest]).translate(plain), *(one.translate(plain) for one in text[1:])]


def halved(text: Paragraphs, chance: random.Random, others: Paragraphs) -> Paragraphs:
    """Every other sentence replaced by one of any other article."""
    made = []
    count = 0
    for paragraph in text:
        sentences = []
        for sentence in _SENTENCE.split(paragraph):
            count += 1
            sentences.append(sentence if count % 2 else chance.choice(_SENTENCE.split(chance.choice(others))))
        made.append(" ".join(sentences))
    return made


REPRINTS: tuple[Callable[[Paragraphs, random.Random, Paragraphs], Paragraphs], ...] = (
    cut, credited, inserted, reworded, reordered, styled,
)  # fmt: skip
REWRITES = (halved,)


def main() -> None:
    """Make the copies, find the pairs, and print precision and recall."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.duplicates", description=__doc__)
    parser.add_argument("--corpus", type=Path, required=True, help="folder of articles")
    chance = random.Random(SEED)
    articles = [one for one in _read(parser.parse_args().corpus) if len(_paragraphs(one)) >= LEAST_PARAGRAPHS]
    others = [paragraph for article in articles for paragraph in _paragraphs(article)]
    begun = time.process_time()
    originals = [_signature(one) for one in articles]
    took = (time.process_time() - begun) / len(articles)
    signatures: dict[tuple[int, str], Signature] = {}
    for number, article in enumerate(articles):
        if signature := originals[number]:
            signatures[number, "original"] = signature
        for make in (*REPRINTS, *REWRITES):
            changed = _signature(_with(article, make(_paragraphs(article), chance, others)))
            if changed:
                signatures[number, make.__name__] = changed
    _report(articles, signatures, took)


def _report(articles: list[Article], signatures: dict[tuple[int, str], Signature], took: float) -> None:
    pairs = list(_pairs(signatures))
    real = {frozenset((a, b)) for (a, _), (b, _), _ in pairs if a != b and (a, "original") in signatures}
    akin = {pair for pair in real if _are_akin(pair, signatures)}
    right = sum(a == b for (a, _), (b, _), _ in pairs)
    wrong = [(a, b) for a, b, _ in pairs if a[0] != b[0] and frozenset((a[0], b[0])) not in akin]
    print(f"{len(articles)} articles, {len(signatures):,} texts; a signature takes {took * 1000:.2f} ms")
    print(
        f"precision {right / (right + len(wrong)):.4f} of {right + len(wrong):,} pairs (wanted {WANTED['precision']})"
    )
    found = Counter((b[1], kind) for a, b, kind in pairs if a[0] == b[0] and a[1] == "original")
    for makes, wanted in ((REPRINTS, "reprint"), (REWRITES, "rewrite")):
        for make in makes:
            possible = sum(name == make.__name__ for _, name in signatures)
            kinds = {kind: found[make.__name__, kind] for kind in ("reprint", "rewrite")}
            recall = sum(kinds.values()) / possible
            print(
                f"  {wanted} {make.__name__:10} recall {recall:.4f} of {possible} (wanted {WANTED[wanted]}); "
                f"called reprint {kinds['reprint']}, rewrite {kinds['rewrite']}"
            )
    print(f"articles as they came: {len(akin)} pairs to be read")
    for first, second in sorted(map(sorted, akin)):
        kind = kinship(signatures[first, "original"], signatures[second, "original"])
        for number in (first, second):
            print(f"  {kind}  {Path(articles[number].ingest.source).name}: {articles[number].headline[:90]}")
    for a, b in wrong[:_SHOWN]:
        print(f"  wrong: {a[1]} of {articles[a[0]].ingest.source}, {b[1]} of {articles[b[0]].ingest.source}")


def _pairs(signatures: dict[tuple[int, str], Signature]) -> Iterator[tuple[tuple[int, str], tuple[int, str], Kind]]:
    """All pairs that have a band in common and are akin, the one that was made first first."""
    by_band: dict[str, list[tuple[int, str]]] = {}
    candidates: set[tuple[tuple[int, str], tuple[int, str]]] = set()
    for name, signature in signatures.items():
        for band in signature.bands:
            others = by_band.setdefault(band, [])
            candidates |= {(other, name) for other in others}
            others.append(name)
    for a, b in candidates:
        if kind := kinship(signatures[a], signatures[b]):
            yield a, b, kind


def _are_akin(pair: Iterable[int], signatures: dict[tuple[int, str], Signature]) -> bool:
    both = [signatures.get((number, "original")) for number in pair]
    return both[0] is not None and both[1] is not None and kinship(both[0], both[1]) is not None


def _read(corpus: Path) -> Iterator[Article]:
    received = datetime(2026, 11, 24, tzinfo=UTC)
    for path in sorted(corpus.glob("*.txt")):
        try:
            for reading in formats.read(path.read_bytes(), Hints(str(path), received)):
                if not isinstance(reading, Poison):
                    yield cleaning.clean(reading)
        except Poison:
            continue


def _paragraphs(article: Article) -> Paragraphs:
    return [article.text[one.start : one.end] for one in article.body if one.kind in {"paragraph", "list"}]


def _with(article: Article, paragraphs: Paragraphs) -> Article:
    text = "\n\n".join(paragraphs)
    starts = [sum(len(one) + 2 for one in paragraphs[:at]) for at in range(len(paragraphs))]
    body = [Block(kind="paragraph", start=s, end=s + len(one)) for s, one in zip(starts, paragraphs, strict=True)]
    return article.model_copy(update={"text": text, "body": body})


def _signature(article: Article) -> Signature | None:
    return Fingerprint.of(article).signature


if __name__ == "__main__":
    main()
