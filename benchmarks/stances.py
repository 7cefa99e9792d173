"""Stance: statements in sentences and articles against hand-labelled ones, and labels of given pairs.

    python -m benchmarks.stances --corpora FOLDER [--model NAME] [--list]

sentences: the statements found in sentences of held-out news against `benchmarks/gold`: precision, recall and F of
holder and target, of those with the right label too, and polarity, the share of right labels among those found. A side
is right where a mention of its entity, or its words, share half of their characters (Dice) or the head word with the
gold one; neutral statements are left out on both sides. ``attitude`` was drawn by a word list and flatters any rule:
``other strata`` leaves it out. articles: the same of triples between named entities, anywhere in an article.
given pairs: the validation part of Park et al. (Findings of ACL 2021), holder and target marked. The weights of
`pipeline.enrichment.stances.weighing` were fitted on the same pairs: these figures flatter what they weigh.

Don't tune anything on the sentences and articles: they are held out. ``--list`` is for finding mistakes of the scorer.
"""

from __future__ import annotations

import argparse
import textwrap
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from benchmarks.alignment import Alignment
from benchmarks.scores import FoundItem, Score
from benchmarks.stance_gold import ARTICLES, SENTENCES, GoldSentence, GoldStatement, Side, rows, sentence, triples
from benchmarks.stance_matching import StanceMatching, Statements, Triples
from benchmarks.stance_pairs import pair_table
from pipeline import cleaning, formats
from pipeline.article import Article, Stance
from pipeline.config import EnrichmentSettings, load_settings
from pipeline.enrichment.enricher import Enricher
from pipeline.errors import Poison
from pipeline.headers import Hints

_BATCH = 16
_WIDTH = 110


class Scored(NamedTuple):
    """A sentence with what was found in it: labels not asked for, and asked for."""

    article: Article
    gold: GoldSentence
    unlabelled: Statements
    labelled: Statements


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.stances", description=__doc__)
    parser.add_argument("--corpora", type=Path, required=True, help="a folder with news/ and stance/")
    parser.add_argument("--model", default=load_settings().enrichment.model)
    parser.add_argument("--list", action="store_true", help="what was missed and what is wrong in sentences")
    arguments = parser.parse_args()
    for needed in (arguments.corpora / "news", arguments.corpora / "stance" / "directed_valid.jsonl"):
        if not needed.exists():
            parser.error(f"there is no {needed}: the texts are not the project's to publish")
    settings = load_settings().enrichment.model_copy(update={"model": arguments.model})
    for line in tables(arguments.corpora, settings, listed=arguments.list):
        print(line, flush=True)


def tables(corpora: Path, settings: EnrichmentSettings, *, listed: bool) -> Iterator[str]:
    """All the tables, in percent; the list if asked."""
    sentences, articles = rows(SENTENCES), rows(ARTICLES)
    scored: list[Scored] = []
    whole: list[tuple[Triples, Triples]] = []
    for file, (article, alignment) in _enriched(corpora / "news", sorted({*sentences, *articles}), settings):
        assert article.enrich is not None, article.wire.warnings
        matching = StanceMatching(article.text, article.enrich)
        for row in sentences.get(file, ()):
            gold = sentence(row, alignment)
            found = [matching.sentence(gold, labels=labels) for labels in (False, True)]
            scored.append(Scored(article, gold, found[0], found[1]))
        for row in articles.get(file, ()):
            wanted = triples(row, alignment)
            whole.append((matching.triples(wanted, labels=False), matching.triples(wanted, labels=True)))
    yield from sentence_table(scored)
    yield ""
    yield _head(f"articles ({len(whole)})")
    yield _row("  pairs", together([one for one, _ in whole]))
    yield _row("  triples", together([other for _, other in whole]))
    yield ""
    yield from pair_table(corpora / "stance" / "directed_valid.jsonl", settings)
    if listed:
        yield from _listed(scored)


def sentence_table(scored: Sequence[Scored]) -> Iterator[str]:
    """Precision, recall and F of sentences, overall and by stratum."""
    lost = sum(one.gold.at is None for one in scored)
    yield _head(f"sentences ({len(scored)})")
    strata: dict[str, Callable[[str], bool]] = {"all": lambda _: True, "other strata": lambda name: name != "attitude"}
    strata |= {name: name.__eq__ for name in sorted({one.gold.stratum for one in scored})}
    for title, wanted in strata.items():
        chosen = [one for one in scored if wanted(one.gold.stratum)]
        unlabelled = together([one.unlabelled for one in chosen])
        labelled = together([one.labelled for one in chosen])
        right = sum(hit in labelled.hits for hit in unlabelled.hits)
        yield _row(f"  {title}", unlabelled) + f"{100 * right / max(1, len(unlabelled.hits)):>10.1f}"
        yield _row("    with label", labelled)
    if lost:
        yield f"  cleaning dropped or changed words of {lost} sentences: their statements count as missed"


def together(scores: Sequence[Score[GoldStatement, FoundItem]]) -> Score[GoldStatement, FoundItem]:
    """The counts of several scores in one."""
    found: Score[GoldStatement, FoundItem] = Score()
    for one in scores:
        found.hits += one.hits
        found.misses += one.misses
        found.false += one.false
    return found


def _enriched(
    folder: Path, files: Sequence[str], settings: EnrichmentSettings
) -> Iterator[tuple[str, tuple[Article, Alignment]]]:
    enricher = Enricher(settings)
    for start in range(0, len(files), _BATCH):
        batch = files[start : start + _BATCH]
        data = [(folder / file).read_bytes() for file in batch]
        articles = enricher.enrich([_cleaned(one, file) for one, file in zip(data, batch, strict=True)])
        for file, raw, article in zip(batch, data, articles, strict=True):
            yield file, (article, Alignment(raw.decode(), article.text))


def _cleaned(data: bytes, file: str) -> Article:
    (reading,) = formats.read(data, Hints(file, datetime.now(UTC)))
    if isinstance(reading, Poison):
        raise reading
    return cleaning.clean(reading)


def _head(title: str) -> str:
    columns = ("precision", "recall", "F", "found", "missed", "false", "polarity")
    return f"{title:<26}" + "".join(f"{column:>10}" for column in columns)


def _row(title: str, score: Score[GoldStatement, FoundItem]) -> str:
    counts = (len(score.hits), len(score.misses), len(score.false))
    return f"{title:<26}" + "".join(f"{100 * n:>10.1f}" for n in score.figures) + "".join(f"{n:>10}" for n in counts)


def _listed(scored: Sequence[Scored]) -> Iterator[str]:
    for one in scored:
        text = one.article.text
        lines = [f"  missed {_words(text, gold)}" for gold in one.unlabelled.misses]
        lines += [f"  false  {_stance(found)}" for found in one.unlabelled.false]
        wrong = [found for gold, found in one.unlabelled.hits if (gold, found) not in one.labelled.hits]
        lines += [f"  label  {_stance(found)}" for found in wrong]
        if lines:
            yield ""
            yield textwrap.fill(text[slice(*one.gold.at)] if one.gold.at else "(lost in cleaning)", _WIDTH)
            yield from lines


def _words(text: str, gold: GoldStatement) -> str:
    def cut(side: Side) -> str:
        return text[slice(*side.words)] if side.words else "(lost)"

    return f"{cut(gold.readings[0].holder)} -> {cut(gold.readings[0].target)} {gold.label}"


def _stance(found: Stance) -> str:
    return f"{found.holder_text} -> {found.target_text} {found.label} {found.confidence:.2f} {found.decided_by}"


if __name__ == "__main__":
    main()
