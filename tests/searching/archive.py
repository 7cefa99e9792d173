"""A small archive in an index of its own: invented articles, written by the pipeline's own functions."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from elasticsearch import AsyncElasticsearch, Elasticsearch

from pipeline.article import (
    Article,
    Block,
    Change,
    Enrichment,
    Entity,
    Headline,
    Ingest,
    Mention,
    NlpModel,
    PubStatus,
    Span,
    Stance,
    Wire,
)
from pipeline.config import ElasticsearchSettings, IndexingSettings
from pipeline.enrichment.linking.keys import key as key_of
from pipeline.indexing import operation
from pipeline.indexing.templates import set_up
from pipeline.indexing.writer import ArticleWriter, Outcome
from pipeline.searching.queries import Found
from tests.articles import RECEIVED

ROOT = "urn:test:search:"
HIDDEN_WORD = "quillback"
"""Stands in every article that may not be published, and in one whose embargo is over."""

HOSTILE = "\x1b[31mred\x1b]0;title\x07 \x9b2J\x00\x08\r\x7f \u202egnp.exe\u2066 [bold]not markup[/bold]"
"""What a terminal, or rich, would obey."""


def story(
    key: str,
    headline: str,
    *paragraphs: str,
    day: str = "2026-09-01",
    provider: str = "meridian",
    names: Mapping[str, Sequence[str]] | None = None,
    version: int = 1,
    status: PubStatus = "usable",
    embargo: str | None = None,
    keyphrases: Sequence[str] = (),
    summary: str | None = None,
    opinions: Sequence[tuple[str, str, str, str]] = (),
    told: Mapping[str, Any] | None = None,
    **more: Any,
) -> Article:
    """One version of an invented story.

    ``names`` are its entities, by type, each where the text has it first. ``opinions`` are its statements, each with
    holder, target (an entity's name, or words), label and the words that say so. ``told`` is what its feed told of it.
    """
    text = "\n\n".join(paragraphs)
    starts = [sum(len(p) + 2 for p in paragraphs[:number]) for number in range(len(paragraphs))]
    body = [Block(kind="paragraph", start=s, end=s + len(p)) for s, p in zip(starts, paragraphs, strict=True)]
    found = [(kind, name) for kind, several in (names or {}).items() for name in several]
    entities = [
        Entity(
            id=f"e{number}",
            name=name,
            key=key_of(name, kind),
            type=kind,
            mentions=[Mention(start=text.index(name), end=text.index(name) + len(name), text=name, kind="name")],
        )
        for number, (kind, name) in enumerate(found, 1)
    ]
    ids = {entity.name: entity.id for entity in entities}
    stances = [
        Stance(
            holder=ids.get(holder),
            holder_text=holder,
            target=ids.get(target),
            target_text=target,
            label=label,
            confidence=0.9 - number / 10,
            voice="reported",
            evidence=Span(start=text.index(words), end=text.index(words) + len(words), text=words),
        )
        for number, (holder, target, label, words) in enumerate(opinions)
    ]
    return Article(
        uri=ROOT + key,
        version=str(version),
        pub_status=status,
        language="en",
        first_created=datetime.fromisoformat(f"{day}T08:00:00Z"),
        version_created=datetime.fromisoformat(f"{day}T08:{version:02}:00Z"),
        embargoed_until=datetime.fromisoformat(embargo) if embargo else None,
        headlines=[Headline(value=headline)],
        body=body,
        text=text,
        wire=Wire(format="ninjs", provider=provider, **(told or {})),
        enrich=Enrichment(
            model=NlpModel(name="by_hand", version="1"),
            entities=entities,
            stances=stances,
            keyphrases=list(keyphrases),
            summary=summary,
        ),
        ingest=Ingest(source="feeds/test/item", received_at=RECEIVED),
        **more,
    )


_LONG = (
    "Walkers on the coast path of Saint Orla have waited nine winters for a crossing over the mouth of the Ember, and "
    "on Wednesday the county council told them to wait for another two. A contractor from the north had withdrawn its "
    "offer in spring, the treasurer explained, and the price of timber has doubled since. Volunteers of the path's "
    "society meanwhile row people across at weekends, for a coin or a cake."
)
"""Long enough for its copies to be taken for copies."""

ARTICLES = [
    story(
        "harbour-strike",
        "Pilots in Port Arden stop work",
        "Ada Lamont of the Kestrel Union said the harbour pilots of Port Arden would not sail on Saturday.",
        day="2026-10-03",
        names={"PERSON": ["Ada Lamont"], "ORG": ["Kestrel Union"], "LOC": ["Port Arden"]},
    ),
    story(
        "harbour-deal",
        "Port Arden's strike ends",
        "Ada Lamont and Tomas Orrin signed for the pilots. The harbour opens on Monday, the port authority said.",
        day="2026-10-10",
        provider="nordwire",
        names={"PERSON": ["Ada Lamont", "Tomas Orrin"]},
    ),
    story(
        "chess",
        "Lamont wins again",
        "Bruno Lamont beat Petra Lamontov in Tessika. Nobody in the hall had expected a queen to be given away.",
        day="2026-10-11",
        provider="kestrel",
        names={"PERSON": ["Bruno Lamont", "Petra Lamontov"], "GPE": ["Tessika"]},
    ),
    story(
        "memoir",
        "A résumé of Ndoro's years",
        "Éloïse Ndoro wrote most of it in a café in Kobéli, facing the river.",
        day="2026-10-12",
        names={"PERSON": ["Éloïse Ndoro"], "LOC": ["Kobéli"]},
    ),
    story(
        "cup",
        "Rovers reach the last eight",
        "Port Arden Rovers won by two goals at the Old Dock Ground.",
        day="2026-10-20",
        provider="kestrel",
        names={"ORG": ["Port Arden Rovers"], "FAC": ["Old Dock Ground"]},
    ),
    story(
        "cup-final",
        "Rovers lose the final",
        "Port Arden Rovers lost by two goals.",
        day="2026-10-27",
        provider="kestrel",
        names={"ORG": ["Port Arden Rovers"]},
    ),
    story(
        "envoy-french",
        "Envoy heard",
        "The envoy Oleksiy Houlenko was heard in Paris, a diplomat said.",
        names={"PERSON": ["Oleksiy Houlenko"], "GPE": ["Paris"]},
    ),
    story(
        "envoy-english",
        "Envoy heard again",
        "Oleksii Hulenko of Ukraine spoke again. He had little to add.",
        names={"PERSON": ["Oleksii Hulenko"], "GPE": ["Ukraine"]},
        keyphrases=["backchannel diplomacy"],
        summary="Oleksii Hulenko of Ukraine spoke again. He had little to add.",
    ),
    story("ferry", "Ferry late", "The ferry was late because of wind."),
    story("ferry", "Ferry later still", "The ferry was late because of fog.", version=2),
    story(
        "bridge-old-spelling",
        "Kiev opens a footbridge",
        "The footbridge in Kiev was opened by Mayor Danylo Rusk.",
        day="2026-09-02",
        names={"PERSON": ["Danylo Rusk"], "GPE": ["Kiev"]},
        told={"feed_tag": "rf-1-europe", "change": Change(kind="correction")},
        urgency=2,
    ),
    story(
        "bridge-new-spelling",
        "Kyiv closes the footbridge",
        "The footbridge in Kyiv is closed again, Danylo Rusk said.",
        day="2026-09-03",
        names={"PERSON": ["Danylo Rusk"], "GPE": ["Kyiv"]},
        told={"feed_tag": "rf-1-europe"},
        urgency=5,
    ),
    *(
        story(f"footbridge-{agency}", "Walkers wait for a footbridge", _LONG, day="2026-09-04", provider=agency)
        for agency in ("ledger", "tidings", "ember-post")
    ),
    story("hostile", f"Hostile {HOSTILE}", f"Hostile {HOSTILE} in the text.", by=f"By {HOSTILE}"),
    story(f"odd-{HOSTILE}-1", "Odd one", "An identity of a kind."),
    story(f"odd-{HOSTILE}-2", "Odd two", "Another identity of the kind."),
]

VALKOV, DALEN = "Dmitri Valkov", "Oskar Dalen"
OPINIONS = [
    story(
        "levy",
        "Levy splits the coast",
        "Dmitri Valkov rejected the salt levy on Monday. Oskar Dalen praised Dmitri Valkov for it.",
        day="2026-08-03",
        provider="gazette",
        names={"PERSON": [VALKOV, DALEN]},
        opinions=[
            (VALKOV, "the salt levy", "against", "Dmitri Valkov rejected the salt levy on Monday."),
            (DALEN, VALKOV, "favor", "Oskar Dalen praised Dmitri Valkov for it."),
        ],
    ),
    story(
        "levy-back",
        "Levy backed",
        "Dmitry Valkov is against it.",
        day="2026-08-05",
        provider="gazette",
        names={"PERSON": ["Dmitry Valkov"]},
        opinions=[("Dmitry Valkov", "the salt levy", "against", "Dmitry Valkov is against it.")] * 3,
    ),
    story(
        "levy-back",
        "Levy backed",
        "Dmitry Valkov now backs it. Oskar Dalen he condemned.",
        day="2026-08-05",
        provider="gazette",
        names={"PERSON": ["Dmitry Valkov", DALEN]},
        opinions=[
            ("Dmitry Valkov", "The Salt Levy", "favor", "Dmitry Valkov now backs it."),
            ("Dmitry Valkov", DALEN, "against", "Oskar Dalen he condemned."),
        ],
        version=2,
    ),
    story(
        "levy-again",
        "Levy opposed again",
        "Dmitri Valkov fought the salt levy in court.",
        day="2026-09-14",
        provider="chronicle",
        names={"PERSON": [VALKOV]},
        opinions=[(VALKOV, "salt levy", "against", "Dmitri Valkov fought the salt levy in court.")],
    ),
    story(
        "hostile-opinion",
        "Opinion",
        f"One{HOSTILE} hates two{HOSTILE} today.",
        day="2025-01-01",
        provider="odd",
        opinions=[(f"One{HOSTILE}", f"two{HOSTILE}", "against", f"One{HOSTILE} hates two{HOSTILE} today.")],
    ),
]
ARTICLES += OPINIONS

_NAMES = {"PERSON": ["Ivo Quill"], "ORG": ["Quill Trust"], "LOC": ["Quill Bay"]}
_TEXT = f"Ivo Quill of the Quill Trust saw a {HIDDEN_WORD} in Quill Bay."
_OPINIONS = [("Ivo Quill", "the salt levy", "against", _TEXT)]
_SAID: dict[str, Any] = {"names": _NAMES, "opinions": _OPINIONS, "day": "2026-10-05"}
HIDDEN = [
    story("canceled", "Fish seen", _TEXT, **_SAID),
    story("canceled", "Fish seen", _TEXT, **_SAID, version=2, status="canceled"),
    story("withheld", "Fish seen", _TEXT, **_SAID, status="withheld"),
    story("embargoed", "Fish seen", _TEXT, **_SAID, embargo="2199-01-01T00:00Z"),
    story("withheld-embargoed", "Fish seen", _TEXT, **_SAID, status="withheld", embargo="2199-01-01T00:00Z"),
]
EMBARGO_OVER = story("embargo-over", "Fish seen", _TEXT, status="withheld", embargo="2021-01-01T00:00Z")


class Archive:
    """The articles above, in an index whose name nobody else uses."""

    def __init__(self, elasticsearch_url: str) -> None:
        name = f"test-search-{uuid4().hex[:8]}"
        self.elasticsearch = ElasticsearchSettings(url=elasticsearch_url)
        self.indexing = IndexingSettings(
            articles=f"{name}-articles", stances=f"{name}-stances", stories=f"{name}-stories"
        )
        self.environment = {
            "WIRE_ELASTICSEARCH__URL": elasticsearch_url,
            "WIRE_INDEXING__ARTICLES": self.indexing.articles,
            "WIRE_INDEXING__STANCES": self.indexing.stances,
            "WIRE_INDEXING__STORIES": self.indexing.stories,
        }

    def fill(self) -> None:
        """Write all articles, version by version, and make them searchable."""
        articles = [*ARTICLES, *HIDDEN, EMBARGO_OVER]
        outcomes = asyncio.run(self._write(articles))
        meant = {"usable": "indexed", "withheld": "withheld", "canceled": "retracted"}
        assert [outcome.disposition for outcome in outcomes] == [meant[each.pub_status] for each in articles], outcomes

    async def _write(self, articles: Sequence[Article]) -> list[Outcome]:
        async with AsyncElasticsearch(**self.elasticsearch.client_options()) as client:
            await set_up(client, self.indexing)
            writer = ArticleWriter(client, self.indexing)
            outcomes = [one for each in articles for one in await writer.write([operation(each)])]
            await client.indices.refresh(index=f"{self.indexing.articles}-*,{self.indexing.stances}-*")
        return outcomes

    def stored(self) -> set[str]:
        """The keys of all documents, published or not, as no reader sees them."""
        with Elasticsearch(**self.elasticsearch.client_options()) as client:
            hits = client.search(index=f"{self.indexing.articles}-*", size=100)["hits"]["hits"]
        return {hit["_source"]["uri"].removeprefix(ROOT) for hit in hits}

    def remove(self) -> None:
        """Delete the indices and their templates."""
        articles, stances = self.indexing.articles, self.indexing.stances
        with Elasticsearch(**self.elasticsearch.client_options()) as client:
            named = f"{articles}-*,{stances}-*,{self.indexing.stories},{self.indexing.duplicates}"
            indices = [*client.indices.get(index=named)]
            client.indices.delete(index=indices)
            for prefix, parts in ((articles, ("settings", "article", "enrichment")), (stances, ("settings", "stance"))):
                client.indices.delete_index_template(name=prefix)
                for part in parts:
                    client.cluster.delete_component_template(name=f"{prefix}-{part}")


def keys(found: Found) -> list[str]:
    """The keys of the articles found, first one first."""
    return [hit.source["uri"].removeprefix(ROOT) for hit in found.hits]


def visible() -> set[str]:
    """The keys of what may be published now."""
    return {each.uri.removeprefix(ROOT) for each in [*ARTICLES, EMBARGO_OVER]}
