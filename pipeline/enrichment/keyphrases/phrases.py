"""Keyphrases that are no names: runs of adjectives and nouns, by their tags."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import log2

from spacy.tokens import Doc, Span, Token

from pipeline.enrichment.keyphrases.candidates import Candidate
from pipeline.enrichment.keyphrases.words import CALENDAR, TOP, WORD, lemma, table

MOST_WORDS = 4
"""Words of a phrase."""

LONE_USES = 3
"""Uses that make a keyphrase of a single common noun."""

_TELLS_LITTLE = 0.25
"""Weight of words that every story has."""

_NOUN_TAGS = frozenset({"NN", "NNS", "NNP", "NNPS"})
_JOINING_TAGS = _NOUN_TAGS | {"JJ", "AFX"}
_LINKING_TAGS = frozenset({"HYPH", "POS"})
_PARTING_ENTITIES = frozenset({"PERSON", "DATE", "TIME", "MONEY", "PERCENT", "QUANTITY", "CARDINAL", "ORDINAL"})
_HYPHENS = frozenset("-‐‑–")


def word_weights(blocks: Iterable[Span]) -> dict[str, float]:
    """How much each noun and adjective of the story weighs: by its uses, little for words that every story has."""
    counted = Counter(lemma(token) for block in blocks for token in block if token.tag_ in _JOINING_TAGS)
    words = table()
    return {
        word: log2(1 + count) * (_TELLS_LITTLE if word in words.generic or word in words.roles else 1.0)
        for word, count in counted.items()
    }


def phrases(doc: Doc, blocks: Iterable[Span], weights: Mapping[str, float]) -> list[Candidate]:
    """The phrases that stand at the top, or come again, whole or in one of their telling words."""
    text = doc.text
    found: dict[tuple[str, ...], Candidate] = {}
    for number, block in enumerate(blocks):
        for run in _runs(block):
            phrase = _trimmed(run)
            if phrase and _is_whole(text, phrase):
                words = tuple(lemma(token) for token in phrase)
                written = text[phrase[0].idx : phrase[-1].idx + len(phrase[-1])]
                found.setdefault(words, Candidate(words)).add(written, phrase[0].i, number)
    return [phrase for phrase in found.values() if _is_used(phrase, weights)]


def _is_used(phrase: Candidate, weights: Mapping[str, float]) -> bool:
    if len(phrase.words) == 1:
        return phrase.uses >= LONE_USES
    again = max(weights.get(word, 0.0) for word in phrase.words) >= log2(1 + LONE_USES)
    return phrase.first < TOP or phrase.uses > 1 or again


def _runs(block: Span) -> Iterator[list[Token]]:
    """Runs of adjectives and nouns; names of people, dates and amounts part them."""
    run: list[Token] = []
    for token in block:
        if _joins(token):
            run.append(token)
        elif run:
            yield run
            run = []
    if run:
        yield run


def _joins(token: Token) -> bool:
    tag = token.tag_
    if tag in _LINKING_TAGS:
        return True
    if tag not in _JOINING_TAGS or token.ent_type_ in _PARTING_ENTITIES or not WORD.fullmatch(token.text):
        return False
    return token.lower_ not in CALENDAR and lemma(token) not in table().parting


def _trimmed(run: Sequence[Token]) -> list[Token]:
    """The run from its first telling word to its last noun, at most `MOST_WORDS` words; empty for what is no phrase."""
    end = len(run)
    # "the capital Port Arden": a name at the end stands beside the phrase.
    while end and (run[end - 1].tag_ not in _NOUN_TAGS or run[end - 1].ent_type_):
        end -= 1
    phrase: list[Token] = []
    for token in reversed(run[:end]):
        if token.tag_ == "POS" or (token.tag_ != "HYPH" and _words(phrase) == MOST_WORDS):
            break
        phrase.insert(0, token)
    while phrase and (phrase[0].tag_ == "HYPH" or lemma(phrase[0]) in table().weak):
        del phrase[0]
    return phrase if phrase and _tells(phrase) else []


def _words(phrase: Sequence[Token]) -> int:
    return sum(token.tag_ != "HYPH" for token in phrase)


def _tells(phrase: Sequence[Token]) -> bool:
    """Whether it is more than a title, a name or words that every story has."""
    words = table()
    if lemma(phrase[-1]) in words.roles or (len(phrase) == 1 and len(phrase[0]) < 4):
        return False
    return any(token.tag_ != "HYPH" and not token.ent_type_ and lemma(token) not in words.generic for token in phrase)


def _is_whole(text: str, phrase: Sequence[Token]) -> bool:
    """Whether it is torn from nothing: "hail services" of "e-hail services" is."""
    start, end = phrase[0].idx, phrase[-1].idx + len(phrase[-1])
    return text[start - 1 : start] not in _HYPHENS and text[end : end + 1] not in _HYPHENS and text[end - 1].isalnum()
