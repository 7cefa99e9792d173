"""The stance statements of an enriched article against its gold annotation."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from benchmarks.alignment import Place, shared
from benchmarks.annotation import GoldStance, Phrase
from benchmarks.matching import SAME, Matching, place
from benchmarks.scores import Score, score
from pipeline.article import Stance

Statements = Score[GoldStance, Stance]

_WORD = re.compile(r"[\w-]+")
_FUNCTION_WORDS = frozenset(
    "of for in on to with by from that which who whose between against without over at as and or but about".split()
)


def statements(matching: Matching, *, labels: bool) -> Statements:
    """Statements of one holder about one target in one sentence and, if asked, with the right label.

    An optional statement excuses only what has its label.
    """

    def worth(gold: GoldStance, found: Stance) -> float:
        right = gold.label == found.label
        if ((labels or gold.optional) and not right) or not _same(matching, gold, found):
            return 0
        return 1 + right

    return score(matching.gold.stances, matching.enrich.stances, worth)


def polarity(found: Statements) -> float:
    """The share of statements found, from 0 to 1, that have the right label."""
    return sum(gold.label == stance.label for gold, stance in found.hits) / max(len(found.hits), 1)


def head(text: str, at: Place) -> Place:
    """The head word of a phrase, guessed without a parse: the last word before a comma or a function word.

    Function words and commas before the first other word don't count.
    """
    words = [(at[0] + match.start(), at[0] + match.end()) for match in _WORD.finditer(text[at[0] : at[1]])]
    while len(words) > 1 and text[slice(*words[0])].lower() in _FUNCTION_WORDS:
        words = words[1:]
    for word, following in pairwise(words):
        if text[slice(*following)].lower() in _FUNCTION_WORDS or "," in text[word[1] : following[0]]:
            return word
    return words[-1] if words else at


def _same(matching: Matching, gold: GoldStance, found: Stance) -> bool:
    one, other = gold.evidence, place(found.evidence)
    overlap = min(one[1], other[1]) - max(one[0], other[0])
    if 2 * overlap < min(one[1] - one[0], other[1] - other[0]):
        return False
    around = min(one[0], other[0]), max(one[1], other[1])
    return _is_side(matching, gold.holders, found.holder, found.holder_text, around) and _is_side(
        matching, gold.targets, found.target, found.target_text, around
    )


def _is_side(matching: Matching, sides: Iterable[str | Phrase], entity: str | None, words: str, around: Place) -> bool:
    """Whether a holder or target is one of the gold ones: by its entity, or by its words in the sentence."""
    spots = [(at, head(matching.text, at)) for at in _occurrences(matching.text, words, around)]
    return any(
        any(_is_phrase(side, at, here) for at, here in spots)
        if isinstance(side, Phrase)
        else any(matching.means(side, entity, here) for here in [None, *(here for _, here in spots)])
        for side in sides
    )


def _is_phrase(phrase: Phrase, at: Place, here: Place) -> bool:
    within = at[0] <= phrase.head[0] and phrase.head[1] <= at[1]
    return within and (here == phrase.head or shared([phrase.at], [at]) >= SAME)


def _occurrences(text: str, words: str, around: Place) -> Iterator[Place]:
    start = text.find(words, *around)
    while start >= 0:
        yield start, start + len(words)
        start = text.find(words, start + 1, around[1])
