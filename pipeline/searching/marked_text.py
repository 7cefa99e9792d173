"""An article's text in colour: who is meant where, what is quoted, whose words they are."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Literal

from rich.style import Style
from rich.text import Text

from pipeline.article import Article, Enrichment, Entity, Mention, Span, Stance
from pipeline.searching.display import LABEL_STYLES, safe

COLOURS = {
    "PERSON": "cyan", "ORG": "magenta", "GPE": "green", "LOC": "bright_green", "FAC": "bright_green", "NORP": "yellow",
    "EVENT": "blue", "PRODUCT": "bright_blue", "MONEY": "bright_yellow", "MISC": "bright_blue",
}  # fmt: skip
"""The colour of each type of entity; a type that is not among them has none."""

MentionKind = Literal["name", "nominal", "pronoun", "metonym"]

KINDS: dict[MentionKind, str] = {"name": "bold", "nominal": "underline", "pronoun": "dim", "metonym": "bold underline"}
"""The kinds of mentions, and how each looks besides the colour of its entity."""

QUOTED, CUE, SPEAKER, RESIDUE = "italic", "bold red", "reverse", "strike dim"

PARTY = "bold bright_white"
"""The holder or target of a stance who is no entity."""

STANCE_CUES = {label: f"bold black on {colour}" for label, colour in LABEL_STYLES.items()}
"""The words that say that somebody is for or against, by label."""


def style_of(entity: Entity, kind: MentionKind = "name") -> Style:
    """How a mention of an entity looks: in the colour of its type, lighter where it is no name."""
    return Style.parse(f"{KINDS[kind]} {COLOURS.get(entity.type, '')}")


def marked_text(article: Article) -> Text:
    """An article's text, marked."""
    # One replacement character for each control character: the offsets stay what they are.
    text = Text(safe(article.text))
    for start, end, style in _marks(article):
        if 0 <= start < end:  # rich counts a negative offset from the end
            text.stylize(style, start, end)
    return text


def marked_span(article: Article, text: Text, span: Span) -> Text:
    """A piece of an article's marked text; as it came where it does not stand where it says."""
    stands = 0 <= span.start < span.end and article.text[span.start : span.end] == span.text
    return text[span.start : span.end] if stands else Text(safe(span.text))


def marked_blocks(article: Article) -> Iterator[Text]:
    """The blocks of an article's body, marked; a span that runs over several blocks is marked in each."""
    text = marked_text(article)
    bounds = {bound for block in article.body for bound in (block.start, block.end) if 0 < bound < len(text)}
    cuts = sorted(bounds)
    pieces = dict(zip(pairwise([0, *cuts, len(text)]), text.divide(cuts), strict=True))
    for block in article.body:
        # Blocks that overlap, which cleaning makes none of, are shown without marks.
        piece = pieces.get((block.start, block.end)) or Text(safe(article.text[block.start : block.end]))
        if block.kind == "heading":
            piece.stylize("bold")
        yield piece


def legend(enrichment: Enrichment) -> Text:
    """What the looks mean, of those that are in the article."""
    of_type = {entity.type: entity for entity in enrichment.entities}
    kinds = {mention.kind for entity in enrichment.entities for mention in entity.mentions}
    parts = [Text(safe(kind), style=style_of(entity)) for kind, entity in of_type.items()]
    parts += [Text(kind, style=look) for kind, look in KINDS.items() if kind in kinds and kind != "name"]
    if enrichment.quotes:
        parts += [Text("quoted", style=QUOTED), Text("cue", style=CUE), Text("speaker", style=SPEAKER)]
    labels = {stance.label for stance in enrichment.stances}
    parts += [Text(label, style=look) for label, look in STANCE_CUES.items() if label in labels]
    if any(not (stance.holder and stance.target) for stance in enrichment.stances):
        parts.append(Text("holder or target", style=PARTY))
    return Text("  ").join(parts)


def _marks(article: Article) -> Iterator[tuple[int, int, Style | str]]:
    """All that is marked, what is to be seen on top last."""
    enrichment = article.enrich
    if enrichment:
        for quote in enrichment.quotes:
            yield from ((piece.start, piece.end, QUOTED) for piece in quote.content)
        for stance in enrichment.stances:
            yield from _parties(article.text, stance)
        mentions = [(mention, entity) for entity in enrichment.entities for mention in entity.mentions]
        for mention, entity in sorted(mentions, key=_lowest_first):
            yield mention.start, mention.end, style_of(entity, mention.kind)
        for quote in enrichment.quotes:
            if quote.speaker_mention:
                yield quote.speaker_mention.start, quote.speaker_mention.end, SPEAKER
            if quote.cue:
                yield quote.cue.start, quote.cue.end, CUE
        cues = ((stance.cue, STANCE_CUES[stance.label]) for stance in enrichment.stances)
        yield from ((cue.start, cue.end, look) for cue, look in cues if cue)
    for span in article.wire.translation.residue if article.wire.translation else ():
        yield span.start, span.end, RESIDUE


def _parties(text: str, stance: Stance) -> Iterator[tuple[int, int, str]]:
    """Where the evidence names a holder or target that is no entity; entities are marked by their mentions."""
    for entity, words in ((stance.holder, stance.holder_text), (stance.target, stance.target_text)):
        start = -1 if entity else text.find(words, stance.evidence.start, stance.evidence.end)
        if start >= 0:
            yield start, start + len(words), PARTY


def _lowest_first(marked: tuple[Mention, Entity]) -> tuple[bool, int]:
    """A name within a longer one is seen; and of a place and the government it stands for, that it stands for it."""
    mention, _ = marked
    return mention.kind == "metonym", mention.start - mention.end
