"""Keys of entities: one value for one entity in all documents, however it is spelled there."""

from __future__ import annotations

from pipeline.enrichment.gazetteer import gazetteer
from pipeline.enrichment.linking.clusters import FAMILIES
from pipeline.enrichment.linking.organisations import bare
from pipeline.enrichment.linking.people import person_name
from pipeline.enrichment.linking.spelling import display, words_in
from pipeline.enrichment.linking.transliteration import plain


def key(name: str, type_: str) -> str:
    """The key of a name: ``family:slug``, in lower case.

    People: all words folded to one spelling, without titles, initials and generations ("person:dmitri-peskov").
    Places: the country's alpha-3 code, or the usual name with the code ("place:fra", "place:paris-fra").
    Peoples: the country's code ("norp:fra"). Organisations: the usual name of a known one, else its words without legal
    form ("org:nato"). Everything else: its words.
    """
    family = FAMILIES.get(type_, "other")
    name = display(name)
    if family == "person":
        return f"person:{_joined(_person(name), name)}"
    if family == "org" and not gazetteer().seat(name):
        known = gazetteer().organisation(name)
        return f"org:{_joined(bare(words_in(known or name)), name)}"
    if family in {"org", "place"}:
        return f"place:{_place(name, type_)}"
    if family == "norp":
        country = gazetteer().demonym(name)
        return f"norp:{plain(country.country or country.name) if country else _joined(words_in(name), name)}"
    return f"{type_.casefold() or 'other'}:{_joined(words_in(name), name)}"


def _joined(words: tuple[str, ...], name: str) -> str:
    # A name of marks alone still needs a value, and no value has white space.
    return "-".join((" ".join(words) or name.casefold()).split())


def _person(name: str) -> tuple[str, ...]:
    words = person_name(name).words
    return tuple(word for word in words if len(word) > 1) or words


def _place(name: str, type_: str) -> str:
    places = gazetteer()
    seat = places.seat(name)
    if seat:
        return f"{_joined(words_in(name), name)}-{plain(seat.country or '')}"
    country = places.country(name)
    if country:
        return plain(country.country or country.name)
    place = None if type_ == "FAC" else places.place(name)
    if place is None:
        return _joined(words_in(name), name)
    slug = _joined(words_in(place.name), place.name)
    return f"{slug}-{plain(place.country)}" if place.country else slug
