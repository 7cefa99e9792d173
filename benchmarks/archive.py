"""A large archive made of a few articles: each copy has people, places, words, a day and an agency of its own.

Real names are replaced by invented ones drawn with a frequency like that of names in news (a few are everywhere, most
are rare), every fifth word by one of another article, and paragraphs of others are added: words, names and statements
are spread as in an archive that grew, and no two copies are near-duplicates.
"""

from __future__ import annotations

import json
import random
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from pipeline.article import Article
from pipeline.enrichment.linking.keys import key as key_of

key = lru_cache(100_000)(key_of)

MONTHS = 3
"""What an agency with about 1,100 articles a day takes for 100,000."""
PROVIDERS = ("meridian", "nordwire", "kestrel", "harbour", "agence-littoral", "gazette")
FEEDS = tuple(f"{region}-{number}" for region in ("rf-1", "al-1", "mw-2") for number in range(1, 5))
_CHANGES = ("new", "new", "new", "update", "update", "correction")
_ADDED = 4
_CHANGED = 0.2
_WORD = re.compile(r"\b[a-z]{3,}\b")
_NAMES = {"PERSON": 20_000, "ORG": 5_000, "GPE": 3_000}
_SYLLABLES = "ka ro mi ten dal vor esh lun pra sto bel gan dri mar tov kel sha nim oru pat jel wen".split()


def name(type_: str, number: int) -> str:
    """The invented name of a number: people have two words."""
    made = random.Random(f"{type_}{number}")
    words = ["".join(made.choices(_SYLLABLES, k=made.choice((2, 2, 3)))).capitalize() for _ in range(2)]
    return {"PERSON": " ".join(words), "ORG": f"{words[0]} Union"}.get(type_, words[0])


def archive(models: Sequence[Article], numbers: range) -> Iterator[Article]:
    """Articles made of models, over the last `MONTHS`; a number always gives the same article."""
    chance = random.Random(numbers.start)
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    paragraphs = [model.text[b.start : b.end] for model in models for b in model.body if b.kind == "paragraph"]
    words = sorted({word for paragraph in paragraphs for word in paragraph.split() if word.isalpha()})
    whole = [json.loads(model.to_json()) for model in models]
    for number in numbers:
        model = chance.choice(whole)
        made = _changed(model, _new_names(model, chance), words, chance)
        _lengthen(made, chance.sample(paragraphs, _ADDED))
        when = today - timedelta(minutes=chance.randrange(MONTHS * 30 * 24 * 60))
        made |= {"uri": f"urn:bench:{number}", "version": "1", "urgency": chance.choice((1, 3, 3, 4, 4, 4, 5, 6))}
        made |= {"firstCreated": when.isoformat(), "versionCreated": when.isoformat()}
        made["wire"] = {
            "format": "ninjs",
            "provider": chance.choice(PROVIDERS),
            "feedTag": chance.choice(FEEDS),
            "change": {"kind": chance.choice(_CHANGES)},
        }
        yield Article.model_validate(made)


def frequent(type_: str, chance: random.Random) -> str:
    """A name, the first of its type far more often than the last."""
    return name(type_, int(_NAMES[type_] * chance.random() ** 4))


def _new_names(model: Mapping[str, Any], chance: random.Random) -> dict[str, str]:
    entities = model["enrich"].get("entities", [])
    return {each["id"]: frequent(each["type"], chance) for each in entities if each["type"] in _NAMES}


def _changed(
    model: Mapping[str, Any], names: Mapping[str, str], words: Sequence[str], chance: random.Random
) -> dict[str, Any]:
    """An article with other names and words, in the text as well as in all that was found in it."""
    text: str = model["text"]
    named = [
        (mention["start"], mention["end"], names[entity["id"]])
        for entity in model["enrich"].get("entities", [])
        for mention in entity["mentions"]
        if entity["id"] in names and mention["kind"] == "name"
    ]
    replaced = (found for found in _WORD.finditer(text) if chance.random() < _CHANGED)
    worded = [(found.start(), found.end(), chance.choice(words)) for found in replaced]
    pieces: list[str] = []
    starts, shifts, at, shift = [0], [0], 0, 0
    for start, end, new in sorted([*named, *worded]):
        if start < at:
            continue
        pieces += [text[at:start], new]
        at, shift = end, shift + len(new) - (end - start)
        starts.append(end)
        shifts.append(shift)
    changed = "".join([*pieces, text[at:]])

    def moved(value: Any) -> Any:
        if isinstance(value, list):
            return [moved(one) for one in value]
        if not isinstance(value, dict):
            return value
        inner = {field: moved(one) for field, one in value.items()}
        if isinstance(value.get("start"), int):
            start, end = (value[side] + shifts[bisect_right(starts, value[side]) - 1] for side in ("start", "end"))
            inner |= {"start": start, "end": max(start, end)} | (
                {"text": changed[start : max(start, end)]} if "text" in value else {}
            )
        return inner

    made: dict[str, Any] = {field: moved(value) for field, value in model.items() if field != "text"}
    for entity in made["enrich"].get("entities", []):
        if new_name := names.get(entity["id"]):
            entity |= {"name": new_name, "key": key(new_name, entity["type"])}
    return made | {"text": changed}


def _lengthen(article: dict[str, Any], paragraphs: Sequence[str]) -> None:
    for paragraph in paragraphs:
        start = len(article["text"]) + 2
        article["text"] += f"\n\n{paragraph}"
        article["body"].append({"kind": "paragraph", "start": start, "end": start + len(paragraph)})
