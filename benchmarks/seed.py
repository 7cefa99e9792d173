"""The pipeline against a gold annotation of one article: entities, quotes, dates, stance statements.

    python -m benchmarks.seed --article PATH [--gold FILE] [--model NAME] [--quiet]

The article is not the project's to publish: the annotation (`benchmarks.annotation`) holds offsets only. The article
goes through the same reading, cleaning and enrichment as in the workers.

entities: a mention has the edges of the gold one, articles and possessives aside, and its type. touching: it shares
half of its characters (Dice) with it. grouping: B-cubed over the mentions found. quotes: the content shares half of
its characters (Dice) with the gold one, and the speaker is the gold one. dates: the value is right. stances: the holder
and target of a gold statement in its sentence; with label; polarity is the share of right labels among those found.

What careful readers may or may not mark counts neither way; the strict figures count it as false.
"""

from __future__ import annotations

import argparse
import textwrap
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from benchmarks.alignment import Place
from benchmarks.annotation import GoldStance, Phrase, read_gold
from benchmarks.matching import KINDS, Found, Matching, Wanted, place
from benchmarks.scores import FoundItem, GoldItem, Score
from benchmarks.statements import polarity, statements
from pipeline import cleaning, formats
from pipeline.article import Article, Quote, Stance
from pipeline.config import load_settings
from pipeline.enrichment.enricher import Enricher
from pipeline.errors import Poison
from pipeline.headers import Hints

GOLD = Path(__file__).parent / "gold" / "seed.json"
WANTED = {"entities": 0.85, "quotes with speaker": 0.80, "stances": 0.60, "polarity": 0.90}
_WIDTH = 110

Item = TypeVar("Item")


def main() -> None:
    """Print the figures, then what was missed and what is wrong."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.seed", description=__doc__)
    parser.add_argument(
        "--article", type=Path, required=True, help="the article's file, which is not in the repository"
    )
    parser.add_argument("--gold", type=Path, default=GOLD)
    parser.add_argument("--model", default=load_settings().enrichment.model)
    parser.add_argument("--quiet", action="store_true", help="the figures only")
    arguments = parser.parse_args()
    data = arguments.article.read_bytes()
    article = enriched(data, str(arguments.article), arguments.model)
    assert article.enrich is not None, article.wire.warnings
    matching = Matching(read_gold(arguments.gold, data, article.text), article.text, article.enrich)
    print("\n".join(figures(matching)))
    if not arguments.quiet:
        print("\n".join(Listing(matching, article).lines()))


def enriched(data: bytes, source: str, model: str) -> Article:
    """The one article of an item, cleaned and enriched.

    Raises:
        Poison: it can't be read.
    """
    (reading,) = formats.read(data, Hints(source, datetime.now(UTC)))
    if isinstance(reading, Poison):
        raise reading
    settings = load_settings().enrichment.model_copy(update={"model": model})
    (article,) = Enricher(settings).enrich([cleaning.clean(reading)])
    return article


def figures(matching: Matching) -> Iterator[str]:
    """A table: precision, recall, F and strict F in percent, how many were found, missed, false and excused."""
    head = ("precision", "recall", "F", "strict F", "found", "missed", "false", "excused", "wanted F")
    yield f"{'':<22}" + "".join(f"{title:>10}" for title in head)
    yield _row("entities", matching.mentions())
    for kind in KINDS:
        yield _row(f"  {kind}", matching.mentions([kind]))
    yield _row("  touching", matching.touching())
    grouped = matching.grouping()
    yield f"{'  grouping':<22}" + "".join(f"{100 * one:>10.1f}" for one in grouped)
    yield _row("quotes with speaker", matching.quotes())
    yield _row("  content alone", matching.quotes(speakers=False))
    yield _row("dates", matching.dates())
    unlabelled = statements(matching, labels=False)
    yield _row("stances", unlabelled)
    yield _row("  with label", statements(matching, labels=True))
    yield f"{'  polarity':<22}{100 * polarity(unlabelled):>10.1f}  (wanted: {100 * WANTED['polarity']:.0f})"


class Listing:
    """What was missed and what is wrong, in the article's words, for the eye."""

    def __init__(self, matching: Matching, article: Article) -> None:
        self._matching, self._article, self._text = matching, article, article.text
        self._headings = [block for block in article.body if block.kind == "heading"]
        self._names = {entity.id: self._name(entity.id) for entity in matching.gold.entities}

    def lines(self) -> Iterator[str]:
        """Every section, one item a line."""
        matching = self._matching
        yield from self._section("entities", matching.mentions(), self._wanted, self._found)
        yield "\n== entities, wrongly grouped"
        yield from self._wrongly_grouped()
        quotes, alone = matching.quotes(), matching.quotes(speakers=False)
        yield from self._section(
            "quotes", quotes, lambda gold: f"{self._names[gold.speaker]}: {self._cut(*gold.content)}", self._quote
        )
        yield "\n== quotes, content found, speaker wrong"
        wrong = [pair for pair in alone.hits if pair not in quotes.hits]
        yield from (f"  wanted {self._names[gold.speaker]}, found {self._quote(found)}" for gold, found in wrong)
        yield from self._section(
            "dates",
            matching.dates(),
            lambda gold: f"{self._cut(gold.at)} {gold.values[0]}",
            lambda found: f"{found.text} {found.value}",
        )
        yield from self._section("stances", statements(matching, labels=False), self._statement, _stance)
        yield "\n== stances, label wrong"
        for gold, stance in statements(matching, labels=False).hits:
            if gold.label != stance.label:
                yield f"  wanted {gold.label}, found {_stance(stance)}"

    def _section(
        self,
        title: str,
        score: Score[GoldItem, FoundItem],
        wanted: Callable[[GoldItem], str],
        found: Callable[[FoundItem], str],
    ) -> Iterator[str]:
        yield f"\n== {title}, missed"
        yield from (f"  {wanted(one)}" for one in score.misses)
        yield f"\n== {title}, false"
        yield from (f"  {found(one)}" for one in score.false)
        yield f"\n== {title}, excused"
        yield from (f"  {found(one)}" for _, one in score.excused)

    def _wrongly_grouped(self) -> Iterator[str]:
        matching = self._matching
        matched = matching.mentions()
        for wanted, found in matched.hits + matched.excused:
            taken = matching.identity.get(found.entity)
            if taken != wanted.entity:
                yield f"  {self._wanted(wanted)} taken for {self._names.get(taken or '', 'nobody')}"
        for entity, name in self._names.items():
            parts = {found.entity for wanted, found in matched.hits + matched.excused if wanted.entity == entity}
            own = sorted(part for part in parts if matching.identity.get(part) == entity)
            if len(own) > 1:
                yield f"  {name} is split: {', '.join(own)}"

    def _wanted(self, one: Wanted) -> str:
        heading = any(block.start <= one.mention.at[0] < block.end for block in self._headings)
        where = " (heading)" if heading else ""
        return f"{one.mention.kind} of {self._names[one.entity]} {one.types[0]}{where}: {self._around(one.mention.at)}"

    def _found(self, one: Found) -> str:
        name = next(entity.name for entity in self._matching.enrich.entities if entity.id == one.entity)
        return f"{one.mention.kind} of {name} {one.type}: {self._around(place(one.mention))}"

    def _quote(self, one: Quote) -> str:
        who = one.speaker_mention.text if one.speaker_mention else "nobody"
        entity = self._names.get(self._matching.identity.get(one.speaker or "", ""), "no entity")
        cue = one.cue.text if one.cue else "no cue"
        return f"{who} ({entity}), {cue}: {self._cut(*map(place, one.content))}"

    def _statement(self, one: GoldStance) -> str:
        sides = (self._side(side[0]) for side in (one.holders, one.targets))
        return f"{' -> '.join(sides)} {one.label} ({one.voice}): {self._cut(one.evidence)}"

    def _side(self, side: str | Phrase) -> str:
        return self._names[side] if isinstance(side, str) else f"“{self._cut(side.at)}”"

    def _name(self, entity: str) -> str:
        """The longest name the article has for it, else its first mention."""
        mentions = [one.mention for one in self._matching.wanted if one.entity == entity]
        named = [self._text[slice(*one.at)] for one in mentions if one.kind == "name"]
        return max(named, key=len) if named else self._text[slice(*mentions[0].at)]

    def _around(self, at: Place) -> str:
        start, end = max(0, at[0] - 30), at[1] + 30
        marked = f"{self._text[start : at[0]]}[{self._text[slice(*at)]}]{self._text[at[1] : end]}"
        return marked.replace("\n", " ")

    def _cut(self, *places: Place) -> str:
        return textwrap.shorten(" … ".join(self._text[slice(*at)] for at in places), _WIDTH, placeholder=" …")


def _stance(one: Stance) -> str:
    sides = f"{one.holder_text} -> {one.target_text}"
    return f"{sides} {one.label} ({one.voice}, {one.confidence:.2f}): {textwrap.shorten(one.evidence.text, _WIDTH)}"


def _row(title: str, score: Score[GoldItem, FoundItem]) -> str:
    numbers = (*score.figures, score.strict.f)
    counts = (len(score.hits), len(score.misses), len(score.false), len(score.excused))
    wanted = f"{100 * WANTED[title]:>10.0f}" if title in WANTED else ""
    return f"{title:<22}" + "".join(f"{100 * n:>10.1f}" for n in numbers) + "".join(f"{n:>10}" for n in counts) + wanted


if __name__ == "__main__":
    main()
