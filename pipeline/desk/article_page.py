"""The page of one article: its text with all that was found marked, who is who, who said what, versions and copies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise

from elasticsearch import Elasticsearch

from pipeline.article import Article, Enrichment, Entity, Quote, Stance
from pipeline.config import IndexingSettings
from pipeline.desk.marks import in_order, marked_blocks
from pipeline.desk.refining import query
from pipeline.desk.rendering import SEARCH, STANCES, Page, link, render
from pipeline.errors import Misconfigured, Poison
from pipeline.searching.article_display import NOBODY
from pipeline.searching.duplicates import Copies
from pipeline.searching.marked_text import KINDS
from pipeline.searching.queries import Question, article_of, search
from pipeline.searching.versions import Piece, Told, changed_paragraphs, changes, story_of, why_not

_FIELD_OF = {"PERSON": "person", "ORG": "org", "GPE": "place", "LOC": "place", "FAC": "place"}
"""The field of the query language that finds the articles that name an entity, by its type."""


@dataclass(frozen=True, slots=True)
class Somebody:
    """An entity of the article: how often it is named, and in which way, how often quoted, and where to find more."""

    entity: Entity
    mentions: str
    quoted: int
    link: str


@dataclass(frozen=True, slots=True)
class Said:
    """A quote and by whom."""

    quote: Quote
    speaker: str


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement with the names of its parties, and where to find what else is said between them."""

    stance: Stance
    holder: str
    target: str
    link: str


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version of the story: its number, when it was sent, and the paragraphs changed since the readable one before.

    ``changed`` is None where there is nothing to compare: the first one, or one whose text is gone.
    """

    number: int
    told: Told
    sent: str
    changed: Sequence[Sequence[Piece]] | None


def article_page(client: Elasticsearch, indexing: IndexingSettings, parameters: Mapping[str, str]) -> Page:
    """An article by its uri, or enough of it; of a killed or superseded one what became of it, without its text.

    Raises:
        Misconfigured: no uri is given.
        Poison: no article that may be read is called so.
    """
    uri = parameters.get("uri", "")
    if not uri:
        raise Misconfigured("the address names no article", "search for it, and follow its headline")
    try:
        article = article_of(client, indexing, uri)
    except Poison:
        story = story_of(client, indexing, uri)
        withdrawn = why_not(story, uri)
        if not withdrawn:
            raise
        return gone(uri, withdrawn, story)
    found = search(client, indexing, Question(words=query(uri=article.uri), size=1))
    copies = found.hits[0].copies if found.hits else Copies()
    return shown(article, story_of(client, indexing, article.uri), copies)


def shown(article: Article, story: Sequence[Told], copies: Copies) -> Page:
    """The page of an article that may be read."""
    enrichment = article.enrich
    return render(
        "article.html",
        article=article,
        facts=[*_facts(article)],
        blocks=marked_blocks(article),
        enrichment=enrichment,
        somebody=_who_is_who(enrichment) if enrichment else [],
        quotes=[*_quotes(enrichment)] if enrichment else [],
        statements=[*_statements(enrichment)] if enrichment else [],
        labels=sorted({stance.label for stance in enrichment.stances}) if enrichment else [],
        versions=_versions(story),
        copies=copies,
        like=link(SEARCH, like=article.uri),
    )


def gone(uri: str, withdrawn: Poison, story: Sequence[Told]) -> Page:
    """The page of an article that was killed, or that another one supersedes: what came when."""
    own = [one for one in story if one.version.uri == uri]
    return render(
        "gone.html",
        status=410,
        uri=uri,
        what=withdrawn.what,
        killed=withdrawn.cause != "superseded",
        superseded_by=own[-1].standing.superseded_by if own else None,
        versions=_versions(story),
    )


def _facts(article: Article) -> Iterator[tuple[str, str]]:
    wire = article.wire
    enrichment = article.enrich
    sent = article.version_created or article.first_created
    change = wire.change
    told = {
        "agency": " ".join(filter(None, [wire.provider, wire.feed_tag])),
        "sent": f"{sent:%Y-%m-%d %H:%M} UTC" if sent else "",
        "by": article.by,
        "dateline": wire.dateline.raw if wire.dateline else None,
        "change": " ".join(filter(None, [change.kind, str(change.number or ""), change.reason])) if change else None,
        "note": article.ed_note,
        "summary": enrichment.summary if enrichment else None,
        "keyphrases": ", ".join(enrichment.keyphrases) if enrichment else None,
        "see also": "; ".join(one.name for one in article.associations),
        "credits": "; ".join(wire.credits),
        "uri": article.uri,
    }
    yield from ((name, value) for name, value in told.items() if value)


def _who_is_who(enrichment: Enrichment) -> list[Somebody]:
    """The most salient first; of equals the one with more mentions. Dates and sums of money are nobody."""
    quoted = Counter(quote.speaker for quote in enrichment.quotes)
    somebody = [entity for entity in enrichment.entities if entity.type not in NOBODY]
    somebody.sort(key=lambda e: (-(e.salience or 0), -len(e.mentions)))
    return [Somebody(entity, _by_kind(entity), quoted[entity.id], _more_of(entity)) for entity in somebody]


def _by_kind(entity: Entity) -> str:
    counts = Counter(mention.kind for mention in entity.mentions)
    return ", ".join(f"{counts[kind]} {kind}" for kind in KINDS if counts[kind])


def _more_of(entity: Entity) -> str:
    field = _FIELD_OF.get(entity.type)
    return link(SEARCH, q=query(**{field: entity.name})) if field else ""


def _quotes(enrichment: Enrichment) -> Iterator[Said]:
    names = {entity.id: entity.name for entity in enrichment.entities}
    for quote in sorted(enrichment.quotes, key=lambda q: min((piece.start for piece in q.content), default=0)):
        written = quote.speaker_mention.text if quote.speaker_mention else ""
        yield Said(quote, names.get(quote.speaker or "", written))


def _statements(enrichment: Enrichment) -> Iterator[Statement]:
    names = {entity.id: entity.name for entity in enrichment.entities}
    for stance in in_order(enrichment.stances):
        holder = names.get(stance.holder or "", stance.holder_text)
        target = names.get(stance.target or "", stance.target_text)
        yield Statement(stance, holder, target, link(STANCES, holder=holder, target=target))


def _versions(story: Sequence[Told]) -> list[VersionRow]:
    rows = [
        VersionRow(number, one, f"{datetime.fromtimestamp(one.version.sent, UTC):%Y-%m-%d %H:%M}", None)
        for number, one in enumerate(story, 1)
    ]
    readable = [row for row in rows if row.told.version.text]
    compared = {after.number: _changed(before.told, after.told) for before, after in pairwise(readable)}
    return [VersionRow(row.number, row.told, row.sent, compared.get(row.number)) for row in rows]


def _changed(before: Told, after: Told) -> list[list[Piece]]:
    old, new = before.version, after.version
    return [
        *changed_paragraphs(changes(old.headline or "", new.headline or "")),
        *changed_paragraphs(changes(old.text or "", new.text or "")),
    ]
