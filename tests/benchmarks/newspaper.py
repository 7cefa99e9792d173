"""An invented article with its annotation, and an annotation turned into what the pipeline would find."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from benchmarks.alignment import Place
from benchmarks.annotation import Gold, Phrase, read_gold
from pipeline.article import Enrichment, Entity, Mention, NlpModel, Quote, ResolvedDate, Span, Stance
from tests.articles import cleaned

RAW = """Skarland backs the ferry

Orsola Vint arrived in Skarland on Monday, October 5. The mayor said “ the ferry is safe “.

Drovnia rejects the mayor’s plan for an end to the fishing ban. Its envoy Jonas Vek warned that boats would wait.

The Citadel accused Skarland of greed.
"""
TEXT = cleaned(RAW).text


def raw(words: str, inside: str | None = None) -> Place:
    """Where words are in the raw text, or in a longer piece of it."""
    start = RAW.index(inside or words)
    assert RAW.count(inside or words) == 1
    at = RAW.index(words, start)
    return at, at + len(words)


def span(words: str, inside: str | None = None) -> Span:
    """The same in the cleaned text, as a span."""
    start = TEXT.index(words, TEXT.index(inside or words))
    return Span(start=start, end=start + len(words), text=words)


def _annotation() -> dict[str, Any]:
    plan = {"at": raw("the mayor’s plan for an end to the fishing ban"), "head": raw("plan")}
    ban = {"at": raw("the fishing ban"), "head": raw("ban")}
    return {
        "sha256": hashlib.sha256(RAW.encode()).hexdigest(),
        "entities": [
            {
                "id": "e1",
                "types": ["PERSON"],
                "mentions": [
                    {"at": raw("Orsola Vint"), "kind": "name"},
                    {"at": raw("The mayor"), "kind": "nominal"},
                    {"at": raw("the mayor", "the mayor’s plan"), "kind": "nominal"},
                ],
            },
            {
                "id": "e2",
                "types": ["GPE", "LOC"],
                "mentions": [
                    {"at": raw("Skarland", "Skarland on"), "kind": "name"},
                    {"at": raw("Skarland", "Skarland of"), "kind": "name"},
                ],
            },
            {
                "id": "e3",
                "types": ["GPE"],
                "mentions": [
                    {"at": raw("Drovnia"), "kind": "name"},
                    {"at": raw("Its"), "kind": "pronoun", "optional": True},
                    {"at": raw("Citadel"), "kind": "metonym", "optional": True},
                ],
            },
            {
                "id": "e4",
                "types": ["PERSON"],
                "mentions": [{"at": raw("Jonas Vek"), "kind": "name", "alternatives": [raw("envoy Jonas Vek")]}],
            },
            {"id": "e5", "types": ["ORG"], "mentions": [{"at": raw("Citadel"), "kind": "name"}]},
        ],
        "dates": [{"at": raw("Monday, October 5"), "values": ["2026-10-05", "2026-10-05T00:00"]}],
        "quotes": [
            {"speaker": "e1", "kind": "direct", "cue": raw("said"), "content": [raw("the ferry is safe")]},
            {"speaker": "e4", "kind": "indirect", "cue": raw("warned"), "content": [raw("that boats would wait")]},
            {"speaker": "e5", "kind": "indirect", "cue": raw("accused"), "content": [raw("Skarland of greed")]},
        ],
        "stances": [
            _stance(["e1"], [{"at": raw("the ferry", "the ferry is"), "head": raw("ferry", "ferry is")}], "favor"),
            _stance(["e3"], [plan], "against"),
            _stance(["e5", "e3"], ["e2"], "against"),
            _stance(["e3"], [ban], "favor") | {"optional": True},
        ],
    }


def _stance(holders: list[Any], targets: list[Any], label: str) -> dict[str, Any]:
    evidence = {
        "e1": "The mayor said “ the ferry is safe “.",
        "e3": "Drovnia rejects the mayor’s plan for an end to the fishing ban.",
        "e5": "The Citadel accused Skarland of greed.",
    }[holders[0]]
    return {"holders": holders, "targets": targets, "label": label, "voice": "reported", "evidence": raw(evidence)}


def gold_of(folder: Path) -> Gold:
    """The annotation, read from a file in a folder."""
    path = folder / "gold.json"
    path.write_text(json.dumps(_annotation()), encoding="utf-8")
    return read_gold(path, RAW.encode(), TEXT)


def perfect(gold: Gold, text: str) -> Enrichment:
    """What a pipeline would find that agrees with the annotation in all it requires."""

    def words(at: Place) -> dict[str, Any]:
        return {"start": at[0], "end": at[1], "text": text[slice(*at)]}

    def side(one: str | Phrase, evidence: Place) -> tuple[str | None, str]:
        if isinstance(one, Phrase):
            return None, text[slice(*one.at)]
        mentions = [mention.at for entity in gold.entities if entity.id == one for mention in entity.mentions]
        near = [at for at in mentions if evidence[0] <= at[0] < evidence[1]]
        return f"found-{one}", text[slice(*(near or mentions)[0])]

    entities = [
        Entity(
            id=f"found-{one.id}",
            name=one.id,
            type=one.types[0],
            mentions=[Mention(**words(m.at), kind=m.kind) for m in one.mentions if not m.optional],
        )
        for one in gold.entities
    ]
    named = {entity.id for entity in entities if entity.mentions}
    stances = []
    for one in gold.stances:
        (holder, holder_text), (target, target_text) = (side(s[0], one.evidence) for s in (one.holders, one.targets))
        stance = Stance(
            holder=holder if holder in named else None,
            holder_text=holder_text,
            target=target,
            target_text=target_text,
            label=one.label,
            confidence=1,
            voice=one.voice,
            evidence=Span(**words(one.evidence)),
        )
        stances += [stance] * (not one.optional)
    return Enrichment(
        model=NlpModel(name="gold", version="1"),
        entities=[entity for entity in entities if entity.mentions],
        dates=[ResolvedDate(**words(one.at), value=one.values[0]) for one in gold.dates if not one.optional],
        quotes=[
            Quote(
                speaker=f"found-{one.speaker}" if f"found-{one.speaker}" in named else None,
                speaker_mention=None
                if f"found-{one.speaker}" in named
                else Span(**words(next(e for e in gold.entities if e.id == one.speaker).mentions[0].at)),
                kind=one.kind,
                content=[Span(**words(at)) for at in one.content],
            )
            for one in gold.quotes
            if not one.optional
        ],
        stances=stances,
    )
