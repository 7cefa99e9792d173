"""The canonical article and what enrichment adds to it: the one model every room speaks.

Property names in JSON are those of IPTC ninjs 3.1 where it has one; ours live under ``wire``,
``enrich`` and ``ingest``. Absent means absent: a property that holds its default is not written.
Unknown properties are kept as they came. All offsets count Unicode code points.
"""

from __future__ import annotations

from datetime import date as calendar_date
from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from pydantic.alias_generators import to_camel

from pipeline.errors import Poison

NonEmpty = Annotated[str, StringConstraints(min_length=1)]


class Model(BaseModel):
    """Base of all parts of an article: camelCase in JSON, unknown properties kept."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="allow")


class Span(Model):
    """A piece of text: ``start`` and ``end`` in characters (end exclusive) and the text itself."""

    start: int
    end: int
    text: NonEmpty


class Headline(Model):
    """One headline (ninjs ``headlines``)."""

    value: NonEmpty


class Subject(Model):
    """A subject as the provider or a machine gave it (ninjs ``subjects``)."""

    uri: NonEmpty | None = None
    name: NonEmpty | None = None
    creator: Literal["provider", "machine"]


class Block(Model):
    """One block of the body: ``text[start:end]``, in characters of the cleaned text."""

    kind: Literal["paragraph", "heading", "list", "table"]
    start: int
    end: int


class Association(Model):
    """Something the article points at, for example a cross-link "Read also"."""

    rel: NonEmpty
    name: NonEmpty
    uri: NonEmpty | None = None


class AltId(Model):
    """Another identifier of the item (ninjs ``altIds``)."""

    role: NonEmpty | None = None
    value: NonEmpty


ChangeKind = Literal["new", "update", "correction", "refile", "repeat", "kill", "hold", "release"]


class Change(Model):
    """What this version does to its story, and by which evidence we know.

    ``target`` is the agency's own name of the item that is killed or held, where the text gives one.
    """

    kind: ChangeKind
    target: NonEmpty | None = None
    number: int | None = None
    reason: NonEmpty | None = None
    evidence: NonEmpty | None = None


class Chain(Model):
    """The story this version belongs to, as uris."""

    root: NonEmpty | None = None
    previous: NonEmpty | None = None


class Dateline(Model):
    """The dateline as written (``raw``) and what it says."""

    raw: NonEmpty
    place: NonEmpty | None = None
    date: NonEmpty | None = None
    agency: NonEmpty | None = None

    @property
    def calendar_day(self) -> calendar_date | None:
        """The day it names, or None: many a dateline has a date without its year."""
        try:
            return calendar_date.fromisoformat(self.date) if self.date else None
        except ValueError:
            return None


class Translation(Model):
    """Traces of machine translation. Residue offsets point into ``text``."""

    source_language: NonEmpty | None = None
    residue: list[Span] = Field(default_factory=list)
    unbalanced_quotes: int = 0


class Removal(Span):
    """Something cleaning took out of the body: offsets point into the decoded raw text."""

    rule: NonEmpty


class Wire(Model):
    """What the wire service says of the item beyond ninjs; ``take`` numbers the parts of a story sent in pieces."""

    format: Literal["ninjs", "newsml-g2", "newsml-1.2", "nitf", "iptc7901", "anpa", "rss", "text", "html"]
    provider: NonEmpty | None = None
    service: NonEmpty | None = None
    feed_tag: NonEmpty | None = None
    sequence: NonEmpty | None = None
    priority_raw: NonEmpty | None = None
    partial: bool = False
    take: int | None = None
    credits: list[NonEmpty] = Field(default_factory=list)
    change: Change | None = None
    chain: Chain | None = None
    dateline: Dateline | None = None
    translation: Translation | None = None
    cleaning: list[Removal] = Field(default_factory=list)
    warnings: list[NonEmpty] = Field(default_factory=list)


class Ingest(Model):
    """Where and when the item came in.

    ``source`` is a path, URL or ``-``; ``content_hash`` tells what the provider sent from another sending of the same
    story: 16 hexadecimal digits of SHA-256 over the article as read, before any cleaning.
    """

    source: NonEmpty
    received_at: datetime
    content_hash: NonEmpty | None = None
    trace_id: NonEmpty | None = None


class Mention(Span):
    """One place where an entity is named."""

    kind: Literal["name", "nominal", "pronoun", "metonym"]


class Location(Model):
    """A point on the map, in degrees (WGS 84)."""

    lat: float
    lon: float


class Tone(Model):
    """The article's own tone toward an entity: the mean over ``mentions`` where no source speaks."""

    label: Literal["favor", "against", "neutral"]
    confidence: float
    mentions: int


class Entity(Model):
    """One entity of the article with all its mentions.

    ``name`` is the fullest used in the article; ``key`` is the same for all spellings of one entity in all articles.
    ``country`` is an ISO 3166-1 alpha-3 code; ``salience`` runs from 0 to 1.
    """

    id: NonEmpty
    name: NonEmpty
    key: NonEmpty | None = None
    type: NonEmpty
    country: NonEmpty | None = None
    location: Location | None = None
    roles: list[NonEmpty] = Field(default_factory=list)
    salience: float | None = None
    tone: Tone | None = None
    mentions: list[Mention]


class ResolvedDate(Span):
    """A date as written and the calendar date it means (ISO 8601)."""

    value: NonEmpty


class Quote(Model):
    """Who said what. ``content`` lists the pieces of one quote in order."""

    speaker: NonEmpty | None = None
    speaker_mention: Span | None = None
    kind: Literal["direct", "indirect", "mixed"]
    cue: Span | None = None
    content: list[Span]


class Stance(Model):
    """Who is for or against whom or what, and in whose words.

    ``confidence`` runs from 0 to 1; ``decided_by`` names what led to the label: the class of the cue, what turned or
    weakened it, the classifier.
    """

    holder: NonEmpty | None = None
    holder_text: NonEmpty
    target: NonEmpty | None = None
    target_text: NonEmpty
    label: Literal["favor", "against", "neutral"]
    confidence: float
    voice: Literal["quoted", "reported", "narrated"]
    cue: Span | None = None
    evidence: Span
    decided_by: list[NonEmpty] = Field(default_factory=list)


class NlpModel(Model):
    """The spaCy pipeline that made an enrichment; ``name`` is loadable with ``spacy.load``."""

    name: NonEmpty
    version: NonEmpty


class Enrichment(Model):
    """What enrichment adds. All offsets point into the article's ``text``."""

    model: NlpModel
    entities: list[Entity] = Field(default_factory=list)
    dates: list[ResolvedDate] = Field(default_factory=list)
    quotes: list[Quote] = Field(default_factory=list)
    stances: list[Stance] = Field(default_factory=list)
    keyphrases: list[NonEmpty] = Field(default_factory=list)
    summary: NonEmpty | None = None


PubStatus = Literal["usable", "withheld", "canceled"]


class Article(Model):
    """One version of one story. See CONTRACT for the JSON it is written as.

    Attributes:
        uri: identity, stable over re-parsing and revisions; Kafka key and Elasticsearch id.
        version: the provider's version as written, if it gave one.
        text: the cleaned body; ``body`` says which characters of it are what.
    """

    uri: NonEmpty
    version: NonEmpty | None = None
    pub_status: PubStatus
    urgency: int | None = Field(default=None, ge=1, le=9)
    language: NonEmpty | None = None
    first_created: datetime | None = None
    version_created: datetime | None = None
    embargoed_until: datetime | None = None
    expires: datetime | None = None
    headlines: list[Headline] = Field(default_factory=list)
    by: NonEmpty | None = None
    slugline: NonEmpty | None = None
    located: NonEmpty | None = None
    ed_note: NonEmpty | None = None
    copyright_holder: NonEmpty | None = None
    copyright_notice: NonEmpty | None = None
    usage_terms: NonEmpty | None = None
    subjects: list[Subject] = Field(default_factory=list)
    genres: list[Subject] = Field(default_factory=list)
    info_sources: list[NonEmpty] = Field(default_factory=list)
    alt_ids: list[AltId] = Field(default_factory=list)
    body: list[Block]
    text: str
    associations: list[Association] = Field(default_factory=list)
    wire: Wire
    enrich: Enrichment | None = None
    ingest: Ingest

    @property
    def headline(self) -> str:
        """The first headline, or the start of the text where there is none."""
        return self.headlines[0].value if self.headlines else self.text[:80]

    @property
    def story_date(self) -> calendar_date:
        """The date this version tells of itself: first created, version, dateline, received."""
        stated = self.first_created or self.version_created
        if stated:
            return stated.date()
        written = self.wire.dateline.calendar_day if self.wire.dateline else None
        return written or self.ingest.received_at.date()

    def to_json(self) -> bytes:
        """The article as one line of UTF-8 JSON, without the properties that are absent."""
        return self.model_dump_json(by_alias=True, exclude_defaults=True).encode()

    @classmethod
    def from_json(cls, data: bytes) -> Self:
        """Read what `to_json` wrote.

        Raises:
            Poison: the bytes are no canonical article; the message names each wrong property.
        """
        try:
            return cls.model_validate_json(data)
        except ValidationError as invalid:
            raise Poison(
                f"not a canonical article: {problems(invalid)}",
                "fix its producer, then `wire dead replay`",
                cause="invalid-article",
            ) from invalid


def problems(invalid: ValidationError, limit: int = 5) -> str:
    """The first ``limit`` problems of a validation, each as ``path: message``."""
    errors: list[Any] = invalid.errors(include_url=False, include_input=False)
    named = [f"{'.'.join(map(str, e['loc'])) or 'document'}: {e['msg']}" for e in errors[:limit]]
    rest = len(errors) - limit
    return "; ".join(named) + (f"; and {rest} more" if rest > 0 else "")
