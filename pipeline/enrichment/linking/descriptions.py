"""Noun phrases that describe a person by office or trade: found by their head word and what stands around it.

Only words, tags and entity spans are used, so that phrases are found without a parse too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from spacy.tokens import Doc

from pipeline.enrichment.gazetteer import gazetteer
from pipeline.enrichment.linking.clusters import Role
from pipeline.enrichment.linking.spelling import display
from pipeline.enrichment.linking.tables import tables
from pipeline.enrichment.linking.words import Words

WIDEST = 9
"""Words looked at to each side of a head."""

_DETERMINERS = frozenset({"the", "a", "an", "this", "that", "another", "any", "some", "every", "each", "no"})
_POSSESSIVES = frozenset({"his", "her", "its", "their", "our", "my", "your", "whose"})
_FORMER = frozenset({"former", "ex", "late", "then", "ousted", "deposed", "outgoing"})
_EMPTY = frozenset({"new", "current", "acting", "-", "of", "the", "for", "and", "to", "at", "'s", "’s", "elected", "a"})
_MODIFIERS = ("JJ", "NN", "HYPH", "AFX")
_LINKS = frozenset({"of", "for", "to", "at"})


@dataclass(frozen=True, slots=True)
class Description:
    """A phrase that describes somebody: its words, its determiner in lower case or "", and the role it states."""

    start: int
    end: int
    head: int
    determiner: str
    role: Role
    gender: str

    @property
    def definite(self) -> bool:
        """Whether it speaks of somebody known."""
        return self.determiner in {"the", "this", "that"}


def described(doc: Doc, words: Words, people: Sequence[bool]) -> list[Description]:
    """The descriptions of single persons in a document, in order.

    Args:
        doc: the document.
        words: its columns.
        people: for each word, whether it is part of a person's name.
    """
    finder = _Finder(doc, words, people)
    return list(finder.find())


class _Finder:
    def __init__(self, doc: Doc, words: Words, people: Sequence[bool]) -> None:
        self._doc = doc
        self._words = words
        self._people = people
        self._ents = doc.ents

    def find(self) -> Iterator[Description]:
        words, known = self._words, tables()
        done = 0
        for number, word in enumerate(words.lower):
            if word not in known.persons and word not in known.offices:
                continue
            if number < done or words.block[number] < 0 or self._people[number] or not self._is_noun(number):
                continue
            found = self._description(number)
            if found:
                done = found.end
                yield found

    def _is_noun(self, number: int) -> bool:
        tag = self._words.tag[number]
        return (not tag or tag.startswith("NN")) and not self._goes_on(number)

    def _goes_on(self, number: int) -> bool:
        """Whether the head is still to come: "president" in "the president office", "chief" in "chief executive"."""
        after = number + 1
        if after >= len(self._words) or self._people[after]:
            return False
        following = self._words.lower[after]
        if following in tables().persons or following in tables().offices:
            return True
        return self._words.tag[after] in {"NN", "NNS"}

    def _description(self, head: int) -> Description | None:
        first, start = self._left(head)
        end = self._right(head + 1)
        determiner = self._words.lower[start] if start < first else ""
        role = self._role(first, head, end)
        gender = tables().genders.get(self._words.lower[head], "")
        return Description(start, end, head, determiner, role, gender)

    def _left(self, head: int) -> tuple[int, int]:
        """Where the phrase starts, without and with its determiner."""
        words = self._words
        first = head
        while (
            first > max(0, head - WIDEST) and self._modifies(first - 1) and words.block[first - 1] == words.block[head]
        ):
            first -= 1
        while first < head and words.text[first] in {"-", "'s", "’s"}:
            first += 1
        if first and (words.lower[first - 1] in _DETERMINERS or words.lower[first - 1] in _POSSESSIVES):
            return first, first - 1
        return first, first

    def _modifies(self, number: int) -> bool:
        words = self._words
        if self._people[number]:
            return False
        if words.ent[number] >= 0:
            return self._ents[words.ent[number]].label_ not in {"DATE", "MONEY"}
        if words.tag[number] == "POS":
            return number > 0 and words.ent[number - 1] >= 0 and not self._people[number - 1]
        tag = words.tag[number]
        return tag.startswith(_MODIFIERS) if tag else words.lower[number] in _FORMER

    def _right(self, end: int) -> int:
        """Past "of the European Commission", "of Ukrainian diplomacy", "to the United States"."""
        words = self._words
        limit = min(len(words), end + WIDEST)
        while end < limit and self._links(end):
            inner = end + 1
            while inner < limit and (words.lower[inner] in {"the", "and"} or self._modifies(inner)):
                inner += 1
            while inner > end + 1 and words.lower[inner - 1] in {"the", "and", "'s", "’s"}:
                inner -= 1
            if inner == end + 1:
                break
            end = inner
        return end

    def _links(self, number: int) -> bool:
        word, after = self._words.lower[number], number + 1
        return word in _LINKS or (word == "in" and after < len(self._words) and self._words.ent[after] >= 0)

    def _role(self, first: int, head: int, end: int) -> Role:
        words, known = self._words, tables()
        office, inside = self._office(first, head, end)
        country: str | None = None
        others: set[str] = set()
        number = first
        while number < end:
            after = number + 1
            if words.ent[number] >= 0:
                while after < end and words.ent[after] == words.ent[number]:
                    after += 1
            text = display("".join(token.text_with_ws for token in self._doc[number:after]).strip())
            place = self._country(text, number)
            if place and number not in inside:
                country = country or place
            elif number not in inside:
                others.update(word.lower() for word in text.split())
            number = after
        portfolios = frozenset(known.portfolios[word] for word in others if word in known.portfolios)
        if office == "chief" and "diplomacy" in others:
            office = "minister"
        former = bool(others & _FORMER)
        qualifiers = frozenset(w for w in others - _EMPTY - _FORMER if w not in known.portfolios and w[0].isalnum())
        return Role(office, country, portfolios, qualifiers, former, self._doc[first:end].text)

    def _office(self, first: int, head: int, end: int) -> tuple[str, frozenset[int]]:
        """The canonical office and the words that name it."""
        lower, known = self._words.lower, tables()
        for start in range(max(first, head - 2), head + 1):
            for stop in range(min(end, head + 3), head, -1):
                if stop - start > 1 and tuple(lower[start:stop]) in known.compounds:
                    name = " ".join(lower[start:stop])
                    return known.offices.get(name, name), frozenset(range(start, stop))
        return known.offices.get(lower[head], lower[head]), frozenset({head})

    def _country(self, text: str, number: int) -> str | None:
        """The country an adjective or a name gives, or the region's folded adjective."""
        places = gazetteer()
        found = places.demonym(text) or places.country(text) or places.seat(text)
        if found:
            return found.country or found.name.casefold()
        ent = self._words.ent[number]
        if ent >= 0 and self._ents[ent].label_ == "NORP":
            return text.casefold()
        return None
