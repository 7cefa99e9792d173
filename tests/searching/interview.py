"""An invented article as enrichment leaves it: several kinds of mentions, of quotes and of dates, annotated by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Literal

from pipeline.article import (
    Article,
    Block,
    Dateline,
    Enrichment,
    Entity,
    Headline,
    Ingest,
    Location,
    Mention,
    NlpModel,
    Quote,
    ResolvedDate,
    Span,
    Stance,
    Wire,
)
from tests.articles import RECEIVED

LEAD = (
    "Estonian President Liisa Raudvee urged Drovnia on Tuesday to reopen the bridge at Narva before February 14, "
    'saying that trade "is not a weapon to be drawn".'
)
APPEAL = (
    '"We will not wait until spring," the president told reporters in Tallinn. '
    '"The bridge belongs to both banks, and she who closes it closes her own door."'
)
ANSWER = (
    "Stavgrad rejected the demand within hours. Foreign Minister Miro Dragovar said his country would answer "
    '"in kind" and that he expected no talks in 2027.'
)
BLOCKS: Sequence[tuple[Literal["paragraph", "heading", "list"], str]] = [
    ("paragraph", LEAD),
    ("paragraph", APPEAL),
    ("heading", "Stavgrad answers"),
    ("paragraph", ANSWER),
    ("list", "According to European officials, neither side has asked the European Commission to mediate."),
]
TEXT = "\n\n".join(words for _, words in BLOCKS)


def place(words: str, after: str = "") -> dict[str, Any]:
    """Where words stand for the first time, or for the first time after others."""
    start = TEXT.index(words, TEXT.index(after) + len(after))
    return {"start": start, "end": start + len(words), "text": words}


def _name(words: str, after: str = "") -> Mention:
    return Mention(kind="name", **place(words, after))


ENTITIES = [
    Entity(
        id="e1",
        name="Liisa Raudvee",
        key="person/liisa-raudvee",
        type="PERSON",
        country="EST",
        roles=["Estonian President", "president"],
        salience=0.9,
        mentions=[
            _name("Liisa Raudvee"),
            Mention(kind="nominal", **place("the president")),
        ],
    ),
    Entity(
        id="e2",
        name="Drovnia",
        key="place/drovnia",
        type="GPE",
        salience=0.7,
        mentions=[_name("Drovnia"), Mention(kind="metonym", **place("Stavgrad", "answers"))],
    ),
    Entity(
        id="e3",
        name="Narva",
        key="place/narva",
        type="GPE",
        country="EST",
        location=Location(lat=59.38, lon=28.2),
        salience=0.2,
        mentions=[_name("Narva")],
    ),
    Entity(
        id="e4",
        name="Stavgrad",
        key="place/stavgrad",
        type="GPE",
        salience=0.3,
        mentions=[_name("Stavgrad"), _name("Stavgrad", "answers")],
    ),
    Entity(
        id="e5",
        name="Miro Dragovar",
        key="person/miro-dragovar",
        type="PERSON",
        roles=["Foreign Minister"],
        salience=0.6,
        mentions=[
            _name("Miro Dragovar"),
            Mention(kind="pronoun", **place("his", "Dragovar")),
            Mention(kind="pronoun", **place("he", "kind")),
        ],
    ),
    Entity(
        id="e6",
        name="Tallinn",
        key="place/tallinn",
        type="GPE",
        country="EST",
        location=Location(lat=59.44, lon=24.75),
        mentions=[_name("Tallinn")],
    ),
    Entity(id="e7", name="European Commission", type="ORG", mentions=[_name("European Commission")]),
]

QUOTES = [
    Quote(
        speaker="e1",
        speaker_mention=Span(**place("Liisa Raudvee")),
        kind="mixed",
        cue=Span(**place("saying")),
        content=[Span(**place('that trade "is not a weapon to be drawn"'))],
    ),
    Quote(
        speaker="e1",
        speaker_mention=Span(**place("the president")),
        kind="direct",
        cue=Span(**place("told")),
        content=[
            Span(**place('"We will not wait until spring,"')),
            Span(
                **place('"The bridge belongs to both banks, and she who closes it closes her own door."'),
            ),
        ],
    ),
    Quote(
        speaker="e5",
        speaker_mention=Span(**place("Miro Dragovar")),
        kind="mixed",
        cue=Span(**place("said", "Dragovar")),
        content=[Span(**place('his country would answer "in kind"')), Span(**place("he expected no talks in 2027"))],
    ),
    Quote(
        speaker_mention=Span(**place("European officials")),
        kind="indirect",
        cue=Span(**place("According to")),
        content=[Span(**place("neither side has asked the European Commission to mediate"))],
    ),
]

DATES = [
    ResolvedDate(value="2026-02-10", **place("Tuesday")),
    ResolvedDate(value="2026-02-14", **place("February 14")),
    ResolvedDate(value="2027", **place("2027")),
]


def _body() -> list[Block]:
    starts = [TEXT.index(words) for _, words in BLOCKS]
    return [Block(kind=kind, start=at, end=at + len(w)) for at, (kind, w) in zip(starts, BLOCKS, strict=True)]


INTERVIEW = Article(
    uri="urn:test:search:narva-bridge",
    version="2",
    pub_status="usable",
    language="en",
    first_created=datetime(2026, 2, 10, 15, tzinfo=UTC),
    version_created=datetime(2026, 2, 10, 16, 20, tzinfo=UTC),
    headlines=[Headline(value="Estonia's president wants the Narva bridge open by mid-February")],
    located="Tallinn",
    body=_body(),
    text=TEXT,
    wire=Wire(
        format="ninjs", provider="nordwire", dateline=Dateline(raw="TALLINN, Feb 10 (Nordwire)", place="Tallinn")
    ),
    enrich=Enrichment(
        model=NlpModel(name="by_hand", version="1"),
        entities=ENTITIES,
        quotes=QUOTES,
        dates=DATES,
        keyphrases=["Narva bridge", "Liisa Raudvee", "trade", "closed border"],
        summary=(
            "Estonian President Liisa Raudvee urged Drovnia on Tuesday to reopen the bridge at Narva. "
            "Stavgrad rejected the demand within hours."
        ),
    ),
    ingest=Ingest(source="feeds/test/item", received_at=RECEIVED),
)

STANCES = [
    Stance(
        holder="e2",
        holder_text="Stavgrad",
        target_text="the demand",
        label="against",
        confidence=0.91,
        voice="narrated",
        cue=Span(**place("rejected")),
        evidence=Span(**place("Stavgrad rejected the demand within hours.")),
    ),
    Stance(
        holder="e1",
        holder_text="Liisa Raudvee",
        target_text="the bridge at Narva",
        label="favor",
        confidence=0.64,
        voice="reported",
        cue=Span(**place("urged")),
        evidence=Span(**place(LEAD)),
    ),
    Stance(
        holder_text="European officials",
        target="e7",
        target_text="European Commission",
        label="neutral",
        confidence=0.5,
        voice="reported",
        evidence=Span(**place("neither side has asked the European Commission to mediate.")),
    ),
]
"""Statements of the interview, which the article itself does without."""

OPINIONATED = INTERVIEW.model_copy(
    update={"enrich": INTERVIEW.enrich.model_copy(update={"stances": STANCES}) if INTERVIEW.enrich else None}
)
"""The interview with its statements."""
