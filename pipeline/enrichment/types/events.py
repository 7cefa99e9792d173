"""Events by rule and lexicon: "World Cup", "Second World War", "Cyclone Nerida", "COP28", "Summit of the Americas".

A name that the model found is an event where its last word says so. A run of capitalised words that ends in such a
word is one, too, where the model found none or only parts.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from spacy.lang.en.stop_words import STOP_WORDS

from pipeline.config import configs_dir
from pipeline.enrichment.gazetteer import fold
from pipeline.enrichment.types.found import Found, Words

LONGEST = 8
"""Words of an event's name, at most, on either side of the word that says it is one."""

_YEAR = re.compile(r"(?:1[89]|20)\d\d$")
_NUMERAL = re.compile(r"[IVX]{2,}$")
_OPEN_LABELS = frozenset({"MISC", "ORG", "EVENT"})


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The words of ``configs/language/events.toml``; whole names are folded."""

    heads: frozenset[str]
    weak: frozenset[str]
    storms: frozenset[str]
    names: frozenset[str]
    first_words: dict[str, int]
    counted: re.Pattern[str]


@cache
def lexicon() -> Lexicon:
    """The lexicon of events, read once a process."""
    with (configs_dir() / "language" / "events.toml").open("rb") as file:
        table: dict[str, Any] = tomllib.load(file)
    names = frozenset(fold(name) for name in table["names"])
    first_words: dict[str, int] = {}
    for name in names:
        words = name.split()
        first_words[words[0]] = max(len(words), first_words.get(words[0], 0))
    counted = re.compile(rf"(?:{'|'.join(map(re.escape, table['counted']))})[-\s]?\d{{1,3}}(?:\s|$)")
    heads, weak, storms = (frozenset(table[key]) for key in ("heads", "weak", "storms"))
    return Lexicon(heads, weak, storms, names, first_words, counted)


def is_event(found: Found, words: Words) -> bool:
    """Whether an entity of the model is an event by its words."""
    if found.label not in _OPEN_LABELS:
        return False
    known = lexicon()
    text = words.span(found.start, found.end)
    if fold(text) in known.names or known.counted.match(text) or _starts_with_storm(found.start, found.end, words):
        return True
    end = found.end
    while end - 1 > found.start and _is_number(words.text[end - 1]):
        end -= 1
    last, last_two = words.text[end - 1], " ".join(words.text[end - 2 : end])
    if found.label == "ORG":
        # "Epic Games" and "Stop the War" are bodies, "Astana Summit" is none.
        return end - found.start > 1 and last != "Games" and (last in known.heads or last_two in known.heads)
    return last.capitalize() in known.heads | known.weak or last_two in known.heads


def _starts_with_storm(start: int, end: int, words: Words) -> bool:
    storms = lexicon().storms
    return end - start > 1 and (words.text[start] in storms or " ".join(words.text[start : start + 2]) in storms)


def _is_number(text: str) -> bool:
    return bool(_YEAR.match(text) or _NUMERAL.match(text))


def named_events(words: Words) -> Iterator[Found]:
    """Events that are written in the document, whatever the model found, in order and without overlaps."""
    at = 0
    for index in range(len(words)):
        if index < at or not words.capitalised[index]:
            continue
        found = _whole_name(index, words) or _storm(index, words) or _headed(index, at, words)
        if found:
            yield found
            at = found.end


def _whole_name(start: int, words: Words) -> Found | None:
    known = lexicon()
    if known.counted.match(words.text[start]):
        return Found(start, start + 1, "EVENT")
    longest = known.first_words.get(fold(words.text[start]), 0)
    for end in range(min(start + longest, len(words)), start, -1):
        if words.capitalised[end - 1] and fold(words.span(start, end)) in known.names:
            return None if _goes_on(end, words) else Found(start, end, "EVENT")
    return None


def _storm(start: int, words: Words) -> Found | None:
    """A storm and its name: "Hurricane", and one word in capitals that is no part of a longer name."""
    storms = lexicon().storms
    for length in (2, 1):
        end = start + length + 1
        if end > len(words) or " ".join(words.text[start : end - 1]) not in storms:
            continue
        name = words.text[end - 1]
        if name.isalpha() and words.capitalised[end - 1] and not words.first[end - 1] and not _goes_on(end, words):
            return Found(start, end, "EVENT")
    return None


def _headed(head: int, floor: int, words: Words) -> Found | None:
    """A run of capitalised words around a word that says it is an event."""
    text = words.text
    if words.display[head]:
        return None
    if text[head] not in lexicon().heads and " ".join(text[head : head + 2]) not in lexicon().heads:
        return None
    end = head + 1 if text[head] in lexicon().heads else head + 2
    start = _run_start(head, max(floor, head - LONGEST), words)
    complement = _complement_end(end, words)
    if complement == end and end < len(words) and _is_number(text[end]) and words.after[end - 1]:
        complement = end + 1
    if (start == head and complement == end) or _goes_on(complement, words):
        return None
    return Found(start, complement, "EVENT")


def _run_start(head: int, floor: int, words: Words) -> int:
    """Where the capitalised words before a head begin; never before its sentence, and not with "The" or "After"."""
    start = head
    while start > floor and not words.first[start] and words.capitalised[start - 1]:
        start -= 1
    while start < head and words.text[start].lower() in STOP_WORDS:
        start += 1
    return start


def _complement_end(end: int, words: Words) -> int:
    """The end of "of the Americas" after a head; ``end`` itself where nothing of the kind follows."""
    if end >= len(words) or words.text[end] != "of":
        return end
    at = end + 1
    if at < len(words) and words.text[at] == "the":
        at += 1
    last = at
    while last < len(words) and last - at < LONGEST and words.capitalised[last] and not words.first[last]:
        last += 1
    return last if last > at else end


def _goes_on(end: int, words: Words) -> bool:
    """Whether the next word is capitalised, too: "War Memorial", "Cup Final"."""
    return end < len(words) and words.capitalised[end] and not words.first[end]


def _makes_room(part: Found, event: Found) -> bool:
    """Whether an entity of the model is but a part of an event, or the event itself under a loose type."""
    if part[:2] == event[:2]:
        return part.label not in ("ORG", "PERSON")
    return event.start <= part.start and part.end <= event.end


def with_events(entities: Sequence[Found], words: Words) -> list[Found]:
    """The entities with their events: relabelled where a name is one, added where parts of one or none were found."""
    kept = [entity._replace(label="EVENT") if is_event(entity, words) else entity for entity in entities]
    events: list[Found] = []
    clear: list[Found] = []
    position = 0
    for event in named_events(words):
        while position < len(kept) and kept[position].end <= event.start:
            clear.append(kept[position])
            position += 1
        parts: list[Found] = []
        while position + len(parts) < len(kept) and kept[position + len(parts)].start < event.end:
            parts.append(kept[position + len(parts)])
        if all(_makes_room(part, event) for part in parts):
            events.append(event)
            position += len(parts)
    return sorted([*clear, *kept[position:], *events])
