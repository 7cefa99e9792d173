"""What a pattern of words and grammar finds: a cue's class, and the words in the places of holder and target."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from spacy.tokens import Token

from pipeline.enrichment.stances.grammar import Grammar
from pipeline.enrichment.stances.lexicon import CueClass


@dataclass(frozen=True, slots=True)
class Match:
    """A cue before negation, doubt and coordination are looked at.

    Attributes:
        word: the word that says it.
        kind: its class.
        holder: the head word of who holds the stance; None: nobody is named.
        target: the head word of whom or what it is toward.
        flipped: whether it means the contrary of what its class says.
        last: the last word of the cue as it is shown, where it is a phrase.
        stated_at: the word whose negation counts, where that is not ``word``.
    """

    word: Token
    kind: CueClass
    holder: Token | None
    target: Token
    flipped: bool = False
    last: Token | None = None
    stated_at: Token | None = None


def each_other(grammar: Grammar, word: Token, kind: CueClass, first: Token | None) -> Iterator[Match]:
    """X and Y clashed, an agreement between X and Y: each is the other's target."""
    both = grammar.together(first) if first is not None else []
    if len(both) == 2:
        yield Match(word, kind, both[0], both[1])
        yield Match(word, kind, both[1], both[0])
