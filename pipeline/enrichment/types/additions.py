"""Names the model missed: countries, capitals, peoples and organisations that mean nothing else, and names known
from elsewhere in the article."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

from pipeline.enrichment.gazetteer import fold, gazetteer, is_abbreviation
from pipeline.enrichment.types.found import Found, Words, covered
from pipeline.enrichment.types.names import is_ambiguous, known_type

LONGEST = 6
"""Words of the longest name looked for."""

SHORTEST = 4
"""Letters a name's first word must have to be looked for elsewhere in the article."""

REPEATED = frozenset({"PERSON", "ORG", "GPE", "LOC"})
"""Types of names that are looked for elsewhere in the article."""


@cache
def _first_words() -> dict[str, int]:
    """First words of the known names, folded, with the length in words of the longest name."""
    longest: dict[str, int] = {}
    for name in gazetteer().names():
        words = name.split()
        if len(words) <= LONGEST:
            longest[words[0]] = max(len(words), longest.get(words[0], 0))
    return longest


def missed(entities: Sequence[Found], words: Words) -> Iterator[Found]:
    """Known names in words that no entity covers, in order."""
    inside = covered(entities, len(words))
    first_words = _first_words()
    at = 0
    while at < len(words):
        known = None
        if words.capitalised[at] and not inside[at]:
            longest = first_words.get(fold(words.text[at]), 0)
            known = _longest_known(at, longest, inside, words) if longest else None
        if known:
            yield known
            at = known.end
        else:
            at += 1


def _longest_known(start: int, longest: int, inside: list[bool], words: Words) -> Found | None:
    for end in range(min(start + longest, len(words)), start, -1):
        if any(inside[start:end]) or not words.capitalised[end - 1]:
            continue
        name = words.span(start, end)
        label = known_type(name)
        if label and not is_ambiguous(fold(name)) and _stands_alone(start, end, inside, words):
            return None if is_abbreviation(name) and _shouted(start, end, words) else Found(start, end, label)
    return None


def _stands_alone(start: int, end: int, inside: list[bool], words: Words) -> bool:
    """Whether no capitalised neighbour makes it part of a longer name: "Bank of China", "China Daily"."""
    if end < len(words) and words.capitalised[end] and not inside[end] and not words.first[end]:
        return False
    before = start - 1
    if before >= 0 and words.capitalised[before] and not inside[before] and not words.first[before]:
        return False
    return not (before >= 1 and words.text[before] in ("of", "de", "&") and words.capitalised[before - 1])


def _shouted(start: int, end: int, words: Words) -> bool:
    """Whether the words around are in capitals, too: then "US" may be "us"."""
    around = [*words.text[max(0, start - 2) : start], *words.text[end : end + 2]]
    return any(len(word) > 1 and word.isupper() for word in around)


def repeated(entities: Sequence[Found], words: Words) -> Iterator[Found]:
    """Names the article has as entities, where they stand uncovered, in order."""
    labels, longest = _names_of(entities, words)
    inside = covered(entities, len(words))
    at = 0
    while at < len(words):
        known = None
        if not inside[at] and words.text[at] in longest:
            known = _longest_repeated(at, longest[words.text[at]], labels, inside, words)
        if known:
            yield known
            at = known.end
        else:
            at += 1


def _names_of(entities: Sequence[Found], words: Words) -> tuple[dict[str, str], dict[str, int]]:
    """Names with their types, and for each first word the length in words of the longest name."""
    labels: dict[str, str] = {}
    longest: dict[str, int] = {}
    for start, end, label in entities:
        if label in REPEATED and end - start <= LONGEST and _is_name(words.text[start:end]):
            labels.setdefault(words.span(start, end), label)
            longest[words.text[start]] = max(end - start, longest.get(words.text[start], 0))
    for start, end, label in entities:
        if label == "PERSON" and end - start > 1 and _is_surname(words.text[end - 1]):
            labels.setdefault(words.text[end - 1], label)
            longest.setdefault(words.text[end - 1], 1)
    return labels, longest


def _is_surname(text: str) -> bool:
    return len(text) >= SHORTEST and text[0].isupper() and text[1:].islower() and not known_type(text)


def _is_name(texts: list[str]) -> bool:
    return len(texts[0]) >= SHORTEST and texts[0][0].isupper() and texts[-1][0].isupper()


def _longest_repeated(
    start: int, longest: int, labels: dict[str, str], inside: list[bool], words: Words
) -> Found | None:
    for end in range(min(start + longest, len(words)), start, -1):
        label = labels.get(words.span(start, end))
        if label and not any(inside[start:end]) and _stands_alone(start, end, inside, words):
            return Found(start, end, label)
    return None
