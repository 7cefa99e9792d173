"""One name, one type: what the gazetteer is sure of, then the fuller name, then most mentions of the article."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from functools import cache

from pipeline.enrichment.gazetteer import Gazetteer, fold, gazetteer, is_abbreviation, lines
from pipeline.enrichment.types.found import Found, Words

FIXED = frozenset({"DATE", "MONEY", "EVENT"})
"""Types that belong to the span, not to the name."""

WEIGHT = 2
"""What a mention counts."""

DOUBTFUL = 1
"""What a mention counts whose type is a last resort, or unlikely: MISC, and people called by an abbreviation."""

KNOWN_PLACE = 2 * WEIGHT
"""What a place of the gazetteer counts, where the model took the name for a place at least once."""

_PLACES = frozenset({"GPE", "LOC", "FAC"})
_UNSURE_WITH_ARTICLE = frozenset({"NORP", "MISC"})
"""What the model may take a region for that is called by one word after "the": "The West accuses ..."."""

_BEFORE = frozenset(
    {"republic", "province", "state", "district", "county", "city", "town", "village", "kingdom", "municipality"}
)
_GPE_WORDS = frozenset(
    "city county department district governorate municipality oblast prefecture province state town township "
    "village".split()
)
_LOC_WORDS = frozenset(
    "archipelago bay basin canal coast delta desert gulf hills island islands lake mount mountain mountains ocean "
    "peninsula region river sea strait valley volcano".split()
)


def one_type_a_name(entities: Sequence[Found], words: Words) -> list[Found]:
    """The entities, all mentions of one name with the same type.

    Args:
        entities: in order, not overlapping, typed by the model.
        words: the document's words.
    """
    keys = [None if e.label in FIXED else fold(words.span(e.start, e.end)) for e in entities]
    votes: defaultdict[str, Counter[str]] = defaultdict(Counter)
    written: dict[str, str] = {}
    with_article: set[str] = set()
    for entity, key in zip(entities, keys, strict=True):
        if key:
            votes[key][entity.label] += _weight(entity, words)
            if entity.start and words.text[entity.start - 1].lower() == "the":
                with_article.add(key)
            written.setdefault(key, words.span(entity.start, entity.end))
    for key, labels in votes.items():
        # The model saw a place here and there is one: that outweighs a slip or two.
        if labels["LOC"] + labels["GPE"] and len(+labels) > 1 and gazetteer().place(written[key]):
            labels["LOC"] += KNOWN_PLACE
    fuller = _fuller_people(votes)
    types = {key: _type(written[key], key, votes[key], fuller) for key in votes}
    for key in with_article:
        if types[key] in _UNSURE_WITH_ARTICLE:
            types[key] = known_type(f"the {written[key]}") or types[key]
    return [entity._replace(label=types[key]) if key else entity for entity, key in zip(entities, keys, strict=True)]


def _weight(entity: Found, words: Words) -> int:
    if entity.label == "MISC":
        return DOUBTFUL
    abbreviated = entity.end - entity.start == 1 and is_abbreviation(words.text[entity.start])
    return DOUBTFUL if abbreviated and entity.label == "PERSON" else WEIGHT


def _fuller_people(votes: dict[str, Counter[str]]) -> dict[str, bool]:
    """Words of the article's fuller names of people; true for the last: a surname."""
    parts: dict[str, bool] = {}
    for key, labels in votes.items():
        names = key.split()
        if len(names) > 1 and labels.most_common(1)[0][0] == "PERSON":
            for name in names[:-1]:
                parts.setdefault(name, False)
            parts[names[-1]] = True
    return parts


def _type(name: str, key: str, votes: Counter[str], people: dict[str, bool]) -> str:
    """The type of one name.

    Args:
        name: as first written.
        key: folded.
        votes: what its mentions count for each type the model gave.
        people: words of fuller names of people, and whether they are surnames.
    """
    most = votes.most_common(1)[0][0]
    sure = known_type(name)
    # "Paris" beside "Paris Hilton": the mentions say which; a tie is hers. A surname alone may well be misread.
    is_named = key in people and (votes["PERSON"] * 2 >= votes.total() or (people[key] and not sure and len(votes) > 1))
    if is_named or (people.get(key) and not sure and votes.total() <= WEIGHT):
        return "PERSON"
    if sure and not (is_ambiguous(key) and most in _PLACES | {"PERSON"}):
        return sure
    return _place_type(name, key, most) if most in _PLACES else most


def known_type(name: str) -> str | None:
    """The type of a name the gazetteer is sure of, whatever the model says."""
    return _known_type(gazetteer(), name)


@cache
def _ambiguous() -> frozenset[str]:
    return frozenset(fold(name) for name in lines("gazetteer-ambiguous.txt"))


def is_ambiguous(key: str) -> bool:
    """Whether a folded name of a place or people is as often something else: "Jordan", "Polish"."""
    return key in _ambiguous()


def _known_type(places: Gazetteer, name: str) -> str | None:
    country = places.country(name)
    if country:
        return country.type
    kinds: tuple[tuple[Callable[[str], object], str], ...] = (
        (places.is_people, "NORP"),
        (places.organisation, "ORG"),
        (places.seat, "ORG"),
        (places.capital, "GPE"),
    )
    for known, label in kinds:
        if known(name):
            return label
    if " " in name.strip():
        region = places.region(name)
        return region.type if region else None
    return None


def _place_type(name: str, key: str, label: str) -> str:
    """GPE or LOC for what the model took for a place."""
    if label == "FAC":
        return label
    places = gazetteer()
    place = places.place(name)
    if place:
        return place.type
    if "," in name and places.place(name.rsplit(",", 1)[1]):
        return "GPE"  # "Geneva, Switzerland"
    parts = key.split()
    if len(parts) > 1:
        if parts[-1] in _GPE_WORDS or parts[0] in _BEFORE:
            return "GPE"
        if parts[-1] in _LOC_WORDS or parts[0] in _LOC_WORDS:
            return "LOC"
    return label
