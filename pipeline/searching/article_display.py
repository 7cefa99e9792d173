"""One article on a terminal: what is known of it, its text in colour, and tables that say the same without colour."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from pipeline.article import Article, Enrichment, Entity, Quote, Stance
from pipeline.searching.display import Indented, label_text, one_line, safe
from pipeline.searching.marked_text import (
    CUE,
    KINDS,
    PARTY,
    STANCE_CUES,
    legend,
    marked_blocks,
    marked_span,
    marked_text,
    style_of,
)

NOBODY = frozenset({"DATE", "MONEY"})
"""Types of entities that are left out of who is who."""

_LABEL_COLUMNS = 12
_SPEAKER_COLUMNS = 30
_CUE_COLUMNS = 14
_REMOVED_LENGTH = 80


def whole(article: Article) -> RenderableType:
    """One article: what is known of it, its text with all that was found marked, who is who, what cleaning did."""
    parts: list[RenderableType] = [Text(one_line(article.headline), style="bold underline"), *_facts(article), Text()]
    for block, text in zip(article.body, marked_blocks(article), strict=True):
        parts += [Indented(text, 4, Text("  •")) if block.kind == "list" else text, Text()]
    if article.enrich:
        parts += _tables(article.enrich)
        parts += _stances(article, article.enrich)
    parts += _remarks(article)
    return Group(*parts)


def _facts(article: Article) -> Iterator[RenderableType]:
    wire = article.wire
    enrichment = article.enrich
    moment = article.version_created or article.first_created
    pairs = {
        "uri": article.uri,
        "version": " ".join(filter(None, [article.version, f"of {moment:%Y-%m-%d %H:%M} UTC" if moment else None])),
        "status": article.pub_status,
        "change": f"{wire.change.kind} {wire.change.number or ''} {wire.change.reason or ''}" if wire.change else None,
        "provider": " ".join(filter(None, [wire.provider, wire.feed_tag])),
        "by": article.by,
        "dateline": wire.dateline.raw if wire.dateline else None,
        "note": article.ed_note,
        "see also": "; ".join(a.name for a in article.associations),
        "credits": "; ".join(wire.credits),
        "summary": enrichment.summary if enrichment else None,
        "keyphrases": ", ".join(enrichment.keyphrases) if enrichment else None,
    }
    for name, value in pairs.items():
        if value:
            yield Indented(Text(one_line(value)), _LABEL_COLUMNS, Text(name, style="dim"))


def _tables(enrichment: Enrichment) -> Iterator[RenderableType]:
    if enrichment.entities or enrichment.quotes or enrichment.stances:
        yield from (legend(enrichment), Text())
    if enrichment.entities:
        yield from (_who_is_who(enrichment), Text())
    if enrichment.quotes:
        yield from (_quotes(enrichment), Text())
    if enrichment.dates:
        yield from (_dates(enrichment), Text())


def _table(*headings: str, numbers: frozenset[str] = frozenset()) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="bold underline")
    for heading in headings:
        table.add_column(heading, justify="right" if heading in numbers else "left", overflow="fold")
    return table


def _who_is_who(enrichment: Enrichment) -> Table:
    """The most salient first; of equals the one with more mentions, then the one that comes first. Dates are nobody."""
    headings = ("who is who", "type", "roles", "country", "mentions", "said", "first at")
    table = _table(*headings, numbers=frozenset({"said", "first at"}))
    said = Counter(quote.speaker for quote in enrichment.quotes)
    somebody = (entity for entity in enrichment.entities if entity.type not in NOBODY)
    for entity in sorted(somebody, key=lambda e: (-(e.salience or 0), -len(e.mentions), _first(e))):
        table.add_row(
            Text(one_line(entity.name), style=style_of(entity)),
            Text(one_line(entity.type)),
            Text(one_line("; ".join(entity.roles))),
            Text(one_line(entity.country or "")),
            _by_kind(entity),
            str(said[entity.id] or ""),
            str(_first(entity)) if entity.mentions else "",
        )
    return table


def _first(entity: Entity) -> int:
    return min((mention.start for mention in entity.mentions), default=0)


def _by_kind(entity: Entity) -> str:
    counts = Counter(mention.kind for mention in entity.mentions)
    return ", ".join(f"{counts[kind]} {kind}" for kind in KINDS if counts[kind])


def _quotes(enrichment: Enrichment) -> Table:
    """In the order of the text; a speaker who is no entity as written."""
    table = _table("quotes by", "kind", "cue", "words")
    # The words are what the width is for.
    table.columns[0].max_width, table.columns[2].max_width = _SPEAKER_COLUMNS, _CUE_COLUMNS
    by_id = {entity.id: entity for entity in enrichment.entities}
    for quote in sorted(enrichment.quotes, key=_place):
        cue = Text(one_line(quote.cue.text) if quote.cue else "", style=CUE)
        written = quote.speaker_mention.text if quote.speaker_mention else ""
        table.add_row(_somebody(by_id.get(quote.speaker or ""), written), quote.kind, cue, _words(quote))
    return table


def _place(quote: Quote) -> int:
    return min((span.start for span in (*quote.content, *filter(None, [quote.cue]))), default=0)


def _somebody(entity: Entity | None, written: str, unknown: str = "") -> Text:
    """An entity by its name, and as written here; somebody who is none as written, in the style ``unknown``."""
    written = one_line(written)
    if entity is None:
        return Text(written, style=unknown)
    name = Text(one_line(entity.name), style=style_of(entity))
    return name.append(f" ({written})", style="not bold") if written not in {"", name.plain} else name


def _words(quote: Quote) -> Text:
    """On one line, shortened to what the table has room for."""
    return Text(" … ".join(one_line(piece.text) for piece in quote.content), no_wrap=True, overflow="ellipsis")


def _stances(article: Article, enrichment: Enrichment) -> Iterator[RenderableType]:
    """In the order of the text: who is for or against whom, how sure that is, and the sentence that says so."""
    if not enrichment.stances:
        return
    by_id = {entity.id: entity for entity in enrichment.entities}
    text = marked_text(article)
    yield Text("who is for or against whom", style="bold underline")
    for stance in sorted(enrichment.stances, key=lambda s: (s.evidence.start, s.cue.start if s.cue else 0)):
        yield _stance(stance, by_id)
        yield Indented(marked_span(article, text, stance.evidence), 2)
        yield Text()


def _stance(stance: Stance, by_id: dict[str, Entity]) -> Text:
    line = _somebody(by_id.get(stance.holder or ""), stance.holder_text, PARTY)
    line = Text.assemble(line, " → ", _somebody(by_id.get(stance.target or ""), stance.target_text, PARTY), "  ")
    line.append_text(label_text(stance.label)).append(f"  {stance.voice}  {stance.confidence:.2f}", style="dim")
    if stance.cue:
        line.append("  ").append(one_line(stance.cue.text), style=STANCE_CUES[stance.label])
    return line


def _dates(enrichment: Enrichment) -> Table:
    table = _table("dates", "mean")
    dates = dict.fromkeys((found.text, found.value) for found in sorted(enrichment.dates, key=lambda d: d.start))
    for written, value in dates:
        table.add_row(Text(one_line(written)), Text(one_line(value)))
    return table


def _remarks(article: Article) -> Iterator[Text]:
    translation = article.wire.translation
    if translation:
        source = f" from {translation.source_language}" if translation.source_language else ""
        found = f"{len(translation.residue)} untranslated, {translation.unbalanced_quotes} quote marks without partner"
        yield Text(safe(f"translation{source}: {found}"), style="yellow")
    for warning in article.wire.warnings:
        yield Text(safe(f"warning: {warning}"), style="yellow")
    for removal in article.wire.cleaning:
        shown = " ".join(removal.text.split())
        shown = shown if len(shown) <= _REMOVED_LENGTH else shown[: _REMOVED_LENGTH - 1] + "…"
        yield Text(safe(f"removed ({removal.rule}): {shown}"), style="dim")
