"""Cues of stance in a document, each with the words that hold the places of holder and target."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from spacy.tokens import Token

from pipeline.enrichment.stances.grammar import Grammar
from pipeline.enrichment.stances.lexicon import OTHER, Lexicon
from pipeline.enrichment.stances.nominals import Nominals
from pipeline.enrichment.stances.patterns import Match
from pipeline.enrichment.stances.polarity import Label, read, turned
from pipeline.enrichment.stances.verbs import Verbs

_SPOKEN = frozenset({"judge", "allege"})
"""Classes whose holder is whoever speaks, where nobody else is named."""

_PURPOSE = 0.75
"""What is left of the certainty of a cue that is only meant to be."""


@dataclass(frozen=True, slots=True)
class Cue:
    """A cue and what it joins.

    Attributes:
        word: the word that says it.
        extra: the last word of the cue as it is shown, where it is a phrase.
        kind: its class.
        holder: the head word of who holds the stance; None: whoever speaks.
        target: the head word of whom or what it is toward.
        label: what it says there.
        certainty: how sure that reading is where the target is an entity, 0 to 1.
        of_phrases: the same where it is none.
        why: what changed the meaning of the cue.
        beside_holder: whether the holder only comes in by an "and".
        beside_target: whether the target does.
    """

    word: Token
    extra: Token
    kind: str
    holder: Token | None
    target: Token
    label: Label
    certainty: float
    of_phrases: float
    why: tuple[str, ...] = ()
    beside_holder: bool = False
    beside_target: bool = False


class Cues:
    """Finds the cues of one document.

    Args:
        grammar: of the document.
        words: the lexicon.
    """

    def __init__(self, grammar: Grammar, words: Lexicon) -> None:
        self._grammar = grammar
        self._words = words
        self._verbs = Verbs(grammar, words)
        self._nominals = Nominals(grammar, words)

    def all(self) -> Iterator[Cue]:
        """Every cue with a holder and a target, in the order of the text."""
        for token in self._grammar.doc:
            if self._grammar.layout.paragraph[token.i] < 0:
                continue
            found = self._verbs.matches(token) if token.pos_ == "VERB" else self._nominals.matches(token)
            for match in found:
                yield from self._cues(match)

    def _cues(self, match: Match) -> Iterator[Cue]:
        """A cue for each of its coordinated holders and targets, negation and doubt considered."""
        word, holder, target = match.word, match.holder, match.target
        if holder is None and match.kind.name not in _SPOKEN:
            return
        stated_at = match.stated_at or word
        label = OTHER[match.kind.label] if match.flipped else match.kind.label
        reading = read(self._grammar, self._words, stated_at, label, 1.0)
        left = reading.certainty * self._footing(stated_at)
        for one in self._grammar.together(holder) if holder is not None else [None]:
            for other in self._grammar.together(target):
                meant, turned_label = turned(self._grammar, self._words, other, reading.label)
                if one is None or one.i != meant.i:
                    yield Cue(
                        word,
                        match.last or word,
                        match.kind.name,
                        one,
                        meant,
                        turned_label,
                        left * match.kind.certainty,
                        left * match.kind.of_phrases,
                        reading.why,
                        beside_holder=one is not holder,
                        beside_target=other is not target,
                    )

    def _footing(self, word: Token) -> float:
        """How far a cue is a deed of its holder: "a body set up to support trade" has done nothing yet."""
        purpose = word.dep_ == "acl" and word.tag_ == "VB" and self._grammar.child(word.head, "nmod:poss") is None
        trait = word.dep_ == "xcomp" and word.head.pos_ in {"ADJ", "NOUN"}
        means = word.dep_ == "advcl" and word.tag_ in {"VB", "VBG"} and word.head.pos_ == "NOUN"
        before = (
            word.dep_ == "advcl" and word.tag_ == "VB" and word.i < word.head.i
        )  # "To accept a truce, X demands ..."
        return _PURPOSE if purpose or trait or means or before else 1.0
