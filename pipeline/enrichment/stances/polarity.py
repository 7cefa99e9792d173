"""What turns a cue's meaning: negation, verbs of not doing, doubt, and nouns like "an end to"."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from spacy.tokens import Token

from pipeline.enrichment.stances.grammar import Grammar
from pipeline.enrichment.stances.lexicon import OTHER, Lexicon, Side

Label = Literal["favor", "against", "neutral"]

_NOT = frozenset(
    {"not", "n't", "n’t", "never", "no", "nor", "neither", "hardly", "barely", "none", "nobody", "without"}
)
_CONDITIONS = frozenset({"if", "unless", "whether"})
_TURNED, _UNDONE, _DOUBTED, _CONDITIONAL = 0.85, 0.85, 0.65, 0.5
"""What is left of a cue's certainty."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A cue's label in its sentence, how sure it is, and why it is not what the cue alone says."""

    label: Label
    certainty: float
    why: tuple[str, ...] = ()


def read(grammar: Grammar, words: Lexicon, cue: Token, label: Side, certainty: float) -> Reading:
    """What a cue comes to where it stands."""
    found: Label = label
    why: list[str] = []
    turns = _negations(grammar, cue) + _undoings(grammar, words, cue)
    if turns:
        # "did not support" is against; "did not condemn" is neither; "did not refuse to support" is as said.
        found = label if turns % 2 == 0 else ("against" if label == "favor" else "neutral")
        certainty *= _TURNED
        why.append("negated" if turns % 2 else "negated twice")
    if _denied(cue):
        found, certainty = "neutral", certainty * _UNDONE
        why.append("denied")
    if _doubted(grammar, words, cue):
        certainty *= _DOUBTED
        why.append("doubted")
    if _conditional(grammar, cue):
        certainty *= _CONDITIONAL
        why.append("conditional")
    return Reading(found, certainty, tuple(why))


def _negations(grammar: Grammar, cue: Token) -> int:
    verb = cue
    count = _plain(grammar, cue)
    if cue.pos_ == "NOUN" and cue.dep_ == "obj":
        verb = cue.head
        count += _plain(grammar, verb)
    subject = grammar.child(verb, "nsubj", "nsubj:pass")
    if subject is not None and (subject.lower_ in {"nobody", "none"} or _has(grammar, subject, {"no"})):
        count += 1
    return count


def _plain(grammar: Grammar, token: Token) -> int:
    return sum(child.lower_ in _NOT for child in grammar.children(token, "advmod", "det", "neg", "cc:preconj", "mark"))


def _has(grammar: Grammar, token: Token, words: set[str]) -> bool:
    return any(child.lower_ in words for child in grammar.children(token, "det"))


def _undoings(grammar: Grammar, words: Lexicon, cue: Token) -> int:
    """How many verbs of not doing a cue hangs on: "refused to condemn"."""
    count = 0
    verb = cue.head if cue.pos_ == "NOUN" and cue.dep_ == "obj" else cue
    for _ in range(3):
        if verb.dep_ not in {"xcomp", "advcl", "ccomp"} or grammar.child(verb, "nsubj") is not None:
            break
        above = verb.head
        if above.lemma_ in words.words["undoing.verbs"]:
            count += 1
        count += _plain(grammar, above) if verb.dep_ == "xcomp" else 0
        verb = above
    return count


def _denied(cue: Token) -> bool:
    return cue.dep_ in {"xcomp", "ccomp", "advcl"} and cue.head.lemma_ == "deny"


def _doubted(grammar: Grammar, words: Lexicon, cue: Token) -> bool:
    verb = cue.head if cue.pos_ == "NOUN" and cue.dep_ == "obj" else cue
    if any(child.lower_ in words.words["doubt.modals"] for child in grammar.children(verb, "aux")):
        return True
    return verb.dep_ == "xcomp" and verb.head.lemma_ in words.words["doubt.verbs"]


def _conditional(grammar: Grammar, cue: Token) -> bool:
    verb = cue.head if cue.pos_ == "NOUN" and cue.dep_ == "obj" else cue
    if grammar.child(verb, "aux") is not None and any(
        _has_condition(grammar, clause) for clause in grammar.children(verb, "advcl")
    ):
        return True  # "will support Y if"
    for _ in range(4):
        if _has_condition(grammar, verb):
            return True
        if verb.dep_ not in {"xcomp", "conj", "obj", "acl"}:
            break
        verb = verb.head
    _, end = grammar.layout.sentences[grammar.layout.sentence[cue.i]]
    return any(token.text == "?" for token in grammar.doc[max(end - 2, 0) : end])


def _has_condition(grammar: Grammar, verb: Token) -> bool:
    return any(child.lower_ in _CONDITIONS for child in grammar.children(verb, "mark"))


def turned(grammar: Grammar, words: Lexicon, target: Token, label: Label) -> tuple[Token, Label]:
    """Through "an end to X", "X's resignation", "a resumption of X" to X, with what the cue means for it."""
    for _ in range(3):
        lemma = target.lemma_.lower()
        turns = lemma in words.words["turners.nouns"]
        if not turns and lemma not in words.words["promoters.nouns"]:
            break
        inner = grammar.oblique(target, ("to",)) or grammar.oblique(target, ("of",)) or grammar.oblique(target, ("on",))
        inner = inner or grammar.child(target, "nmod:poss")
        inner = inner or next((one for one in grammar.children(target, "amod", "compound") if one.ent_type_), None)
        if inner is None:
            break
        target = inner
        if turns and label != "neutral":
            label = OTHER[label]
    return target, label
