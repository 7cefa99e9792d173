"""Is a date in a sentence behind or ahead? The verb it hangs on tells."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cache
from typing import Literal, NamedTuple

from spacy.tokens import Doc, Token

from pipeline.enrichment.dates.words import words

Tense = Literal["past", "future"]

_STEPS = 12
"""Words climbed from a date toward the root of its sentence."""

_CLOSE = 4
"""Words looked at before a date."""

_BEFORE = 100
"""Characters before a date read for signs of its time, where there is no parse."""

_SKIPPED = frozenset({"on", "at", "in", "this", "last", "late", "early", "for", "until", ",", "the"})


class Governed(NamedTuple):
    """The tense a date stands in, if any, and whether it hangs on the verb itself or on a noun."""

    tense: Tense | None
    by_verb: bool


class Tenses:
    """Tells the tense in which any piece of a document stands, by its parse, by tags or by telling words.

    What hangs on each word is noted once, so that asking is quick however long a sentence is.
    """

    def __init__(self, doc: Doc) -> None:
        self._doc = doc
        self._text = doc.text
        self._parsed = doc.has_annotation("DEP")
        self._offsets = [token.idx for token in doc]
        self._sentence = _sentences(doc)
        self._aux: dict[int, list[Token]] = {}
        self._cop: dict[int, Token] = {}
        self._infinitive: set[int] = set()
        for token in doc if self._parsed else ():
            if token.dep_.startswith("aux"):
                self._aux.setdefault(token.head.i, []).append(token)
            if token.tag_ == "TO":
                self._infinitive.add(token.head.i)
            elif token.dep_ == "cop":
                self._cop[token.head.i] = token

    def sentence(self, at: int) -> int:
        """The number of the sentence at this character."""
        return self._sentence[self.word(at)]

    def of(self, start: int, end: int) -> Governed:
        """The tense in which the characters from ``start`` to ``end`` stand."""
        first, last = self.word(start), self.word(end - 1)
        close = self._close(first)
        if close:
            return Governed(close, True)
        return self._by_parse(first, last) if self._parsed else Governed(_by_signs(self._text, start), True)

    def word(self, at: int) -> int:
        """The number of the word at this character."""
        return max(0, bisect_right(self._offsets, at) - 1)

    def _close(self, first: int) -> Tense | None:
        """The past of "said on Monday that ...", however the rest is parsed: the verb right before the date."""
        for number in range(first - 1, max(-1, first - 1 - _CLOSE), -1):
            token = self._doc[number]
            if token.lower_ not in _SKIPPED:
                return self._tense(token, infinitive=False, direct=True) if token.tag_ in {"VBD", "VBN"} else None
        return None

    def _by_parse(self, first: int, last: int) -> Governed:
        token = self._head(first, last)
        infinitive, by_verb = False, True
        for _ in range(_STEPS):
            if _is_verb(token):
                tense = self._tense(token, infinitive=infinitive, direct=by_verb)
                infinitive = infinitive or token.i in self._infinitive
                if token.i in self._infinitive and token.dep_ == "acl":
                    tense = tense or "future"  # "the chance to meet on Tuesday"
            else:
                by_verb = by_verb and token.i in self._cop
                tense = "future" if token.lemma_.lower() in words().scheduled else self._of_copula(token)
            if tense:
                return Governed(tense, by_verb)
            if token.head.i == token.i:
                break
            token = token.head
        return Governed(None, by_verb)

    def _head(self, first: int, last: int) -> Token:
        """What the date hangs on; its own last word where that is the root."""
        for token in self._doc[first : last + 1]:
            if not first <= token.head.i <= last:
                return token if token.i in self._cop else token.head
        return self._doc[last]

    def _tense(self, verb: Token, *, infinitive: bool, direct: bool) -> Tense | None:
        """Of a verb with its auxiliaries; of the verb above an infinitive, whether it looks ahead; else unknown."""
        lemma = verb.lemma_.lower()
        auxiliaries = self._aux.get(verb.i, [])
        perfect = any(aux.lemma_.lower() == "have" for aux in auxiliaries[-1:])
        if lemma in words().scheduled and verb.tag_ == "VBN" and not perfect:
            return "future"
        if infinitive and lemma in words().intended:
            return "future"
        if told := _of_auxiliaries(verb, auxiliaries):
            return told
        if verb.tag_ == "VBD" or (verb.tag_ == "VBN" and not auxiliaries):
            return "past"
        if verb.tag_ in {"VBZ", "VBP"} and direct:
            return "future"  # the timetable's present: "the summit opens on Tuesday"
        return None

    def _of_copula(self, token: Token) -> Tense | None:
        cop = self._cop.get(token.i)
        if cop is None:
            return None
        if cop.tag_ == "VBD":
            return "past"
        return _of_auxiliaries(token, self._aux.get(token.i, [])) or ("future" if cop.tag_ in {"VBZ", "VBP"} else None)


def _sentences(doc: Doc) -> list[int]:
    """The number of the sentence of each word."""
    number, numbers = 0, []
    for token in doc:
        number += token.is_sent_start is True
        numbers.append(number)
    return numbers


def _is_verb(token: Token) -> bool:
    return token.tag_.startswith("VB") or token.pos_ in {"VERB", "AUX"}


def _of_auxiliaries(verb: Token, auxiliaries: list[Token]) -> Tense | None:
    told: Tense | None = None
    for aux in auxiliaries:
        lemma = aux.lemma_.lower()
        if aux.tag_ == "MD":
            told = "future"
        elif lemma == "have" and verb.tag_ == "VBN":
            return "past"
        elif aux.tag_ == "VBD" and told is None:
            told = "past"
        elif aux.tag_ in {"VBZ", "VBP"} and lemma == "be" and told is None:
            told = "future"
    return told


@cache
def _signs() -> re.Pattern[str]:
    future = "|".join(re.escape(sign).replace(r"\ ", r"\s") for sign in words().signs)
    return re.compile(rf"\b(?:(?:{future})|(?P<past>was|were|had|said|\w{{2,20}}ed))\b|[’']ll\b", re.IGNORECASE)


def _by_signs(text: str, start: int) -> Tense | None:
    """The last telling word of the sentence before the date."""
    before = re.split(r"[.!?\n]\s", text[max(0, start - _BEFORE) : start])[-1]
    tense: Tense | None = None
    for match in _signs().finditer(before):
        tense = "past" if match["past"] else "future"
    return tense
