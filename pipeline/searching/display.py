"""How articles look on a terminal. Nothing from a feed is interpreted: neither markup nor control characters."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from pipeline.article import Article, Entity
from pipeline.searching.queries import MARK_BEGIN, MARK_END, Found, Hit

STYLES = {
    "PERSON": "bold cyan", "ORG": "bold magenta", "GPE": "bold green", "LOC": "green", "FAC": "green",
    "NORP": "yellow", "EVENT": "bold blue", "PRODUCT": "blue", "MONEY": "dim yellow", "DATE": "dim", "MISC": "blue",
}  # fmt: skip
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_SHOWN_NAMES = 4


def safe(text: str) -> str:
    """Text in which control characters, ANSI escapes among them, are made visible."""
    return _CONTROL.sub("\ufffd", text)


def results(found: Found) -> RenderableType:
    """A list of hits, readable by a person."""
    if not found.hits:
        return Text("nothing found")
    count = f"{found.total:,} article{'s' if found.total != 1 else ''}"
    shown = f", the first {len(found.hits)}" if found.total > len(found.hits) else ""
    return Group(*(_hit(hit) for hit in found.hits), Text(count + shown, style="bold"))


def _hit(hit: Hit) -> Text:
    source = hit.source
    headline = (source.get("headline") or [source.get("text", "")[:80]])[0]
    line = Text(safe(headline), style="bold")
    about = [source.get("storyDate"), source.get("wire", {}).get("provider"), source.get("located")]
    change = source.get("wire", {}).get("change")
    about += [change] if change else []
    line.append("\n  " + safe(" · ".join(str(part) for part in about if part)), style="dim not bold")
    for fragment in hit.fragments:
        line.append("\n  … ", style="dim not bold").append(_marked(fragment)).append(" …", style="dim not bold")
    if names := _names(source):
        line.append("\n  " + safe(names), style="cyan not bold")
    line.append("\n  " + safe(source["uri"]) + "\n", style="dim not bold")
    return line


def _marked(fragment: str) -> Text:
    text = Text(style="not bold")
    for number, piece in enumerate(re.split(f"[{MARK_BEGIN}{MARK_END}]", fragment)):
        text.append(safe(" ".join(piece.split(" "))).replace("\n", " "), style="reverse" if number % 2 else "")
    return text


def _names(source: dict[str, dict[str, list[str]]]) -> str:
    entities = source.get("entities", {})
    names = [name for kind in ("person", "org", "place") for name in entities.get(kind, [])[:_SHOWN_NAMES]]
    return ", ".join(names)


def whole(article: Article) -> RenderableType:
    """One article: what is known of it, its text with entities marked, who is who, what cleaning did."""
    parts: list[RenderableType] = [Text(safe(article.headline), style="bold underline"), _facts(article), Text()]
    parts += [part for block in _body(article) for part in (block, Text())]
    if article.enrich and article.enrich.entities:
        parts += [_legend(article.enrich.entities), _who_is_who(article.enrich.entities)]
    parts += list(_remarks(article))
    return Group(*parts)


def _facts(article: Article) -> Text:
    wire = article.wire
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
    }
    text = Text()
    for name, value in pairs.items():
        if value:
            text.append(f"{name:<9}", style="dim").append(safe(" ".join(value.split())) + "\n")
    text.rstrip()
    return text


def _body(article: Article) -> Iterator[Text]:
    entities = article.enrich.entities if article.enrich else []
    mentions = sorted((m.start, m.end, STYLES.get(e.type, "bold")) for e in entities for m in e.mentions)
    residue = article.wire.translation.residue if article.wire.translation else []
    for block in article.body:
        # One replacement character for each control character: the offsets stay what they are.
        text = Text(safe(article.text[block.start : block.end]))
        for start, end, style in mentions:
            if block.start <= start and end <= block.end:
                text.stylize(style, start - block.start, end - block.start)
        for span in residue:
            if block.start <= span.start and span.end <= block.end:
                text.stylize("strike dim", span.start - block.start, span.end - block.start)
        if block.kind == "heading":
            text.stylize("bold")
        yield Text("  • ").append_text(text) if block.kind == "list" else text


def _legend(entities: list[Entity]) -> Text:
    line = Text()
    for kind in dict.fromkeys(entity.type for entity in entities):
        line.append(f" {safe(kind)} ", style=STYLES.get(kind, "bold"))
    return line


def _who_is_who(entities: list[Entity]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("name", "type", "mentions", "first at"):
        table.add_column(heading, justify="left" if heading in {"name", "type"} else "right")
    for entity in sorted(entities, key=lambda e: -len(e.mentions)):
        style = STYLES.get(entity.type, "bold")
        first = entity.mentions[0].start
        table.add_row(
            Text(safe(entity.name), style=style), Text(safe(entity.type)), str(len(entity.mentions)), str(first)
        )
    return table


def _remarks(article: Article) -> Iterator[Text]:
    translation = article.wire.translation
    if translation:
        source = f" from {translation.source_language}" if translation.source_language else ""
        found = f"{len(translation.residue)} untranslated, {translation.unbalanced_quotes} quote marks without partner"
        yield Text(f"translation{source}: {found}", style="yellow")
    for warning in article.wire.warnings:
        yield Text(safe(f"warning: {warning}"), style="yellow")
    for removal in article.wire.cleaning:
        shown = " ".join(removal.text.split())
        shown = shown if len(shown) <= 80 else shown[:79] + "…"
        yield Text(safe(f"removed ({removal.rule}): {shown}"), style="dim")
