"""Verbs that say who is for or against what: "X condemned Y", "X hit out at Y", "X wants to avoid Y"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from spacy.tokens import Token

from pipeline.enrichment.stances.grammar import Grammar
from pipeline.enrichment.stances.lexicon import CueClass, Lexicon
from pipeline.enrichment.stances.patterns import Match, each_other

_GIFT = CueClass("aid", "favor", 0.75, 0.55, frozenset())
_ALLEGATION = CueClass("allege", "against", 0.8, 0.5, frozenset())
_URGED = CueClass("demand", "favor", 0.75, 0.75, frozenset())
_WITH_OBJECT = frozenset({"blame", "commit"})
"""Verbs of phrases that have an object besides: "blamed the delay on Y"."""

_CALLED = 0.85
"""Certainty of what somebody is called."""


class Verbs:
    """Finds what verbs join.

    Args:
        grammar: of the document.
        words: the lexicon.
    """

    def __init__(self, grammar: Grammar, words: Lexicon) -> None:
        self._grammar = grammar
        self._words = words

    def matches(self, verb: Token) -> Iterator[Match]:
        """What a verb says."""
        if verb.dep_ == "compound":
            return  # "a firing squad"
        lemma = verb.lemma_.lower()
        for rest, kind in self._words.phrases.get(lemma, {}).items():
            if rest and (target := self._after(verb, rest)) is not None:
                yield Match(verb, kind, self._grammar.subject(verb), target)
                return
        for table, find in (
            ("gifts.verbs", self._gift),
            ("misconduct.verbs", self._blamed),
            ("callers.verbs", self._called),
        ):
            if lemma in self._words.words[table]:
                yield from find(verb)
        if done := self._words.verbs.get(lemma):
            yield from self._done(verb, done)
        elif wished := self._words.clauses.get(lemma):
            yield from self._clause(verb, wished)
        elif lemma in self._words.words["urging.verbs"]:
            yield from self._urged(verb)

    def _done(self, verb: Token, kind: CueClass) -> Iterator[Match]:
        """X condemned Y; X and Y clashed."""
        target = self._grammar.patient(verb)
        if target is not None:
            yield Match(verb, kind, self._grammar.agent(verb), target)
        elif kind.mutual:
            yield from each_other(self._grammar, verb, kind, self._grammar.subject(verb))

    def _blamed(self, verb: Token) -> Iterator[Match]:
        """Y ignored the warnings: whoever says so is against Y."""
        target = self._grammar.agent(verb)
        if target is not None:
            yield Match(verb, _ALLEGATION, None, target)

    def _urged(self, verb: Token) -> Iterator[Match]:
        """X urged Y to end Z."""
        for inner in self._grammar.children(verb, "xcomp", "advcl"):
            if self._grammar.marked(inner) == "to":
                yield from self._wished(verb, _URGED, self._grammar.agent(verb), inner)

    def _after(self, verb: Token, rest: tuple[str, ...]) -> Token | None:
        *objects, preposition = rest
        held = self._grammar.child(verb, "obj")
        if held is not None and len(objects) == 1 and held.lemma_.lower() == objects[0]:
            # "point the finger at": the phrase holds an object.
            target = self._grammar.oblique(verb, (preposition,)) or self._grammar.oblique(held, (preposition,))
            return target if target is not None else self._named_next(held)
        if held is not None and held.pos_ != "PRON" and verb.lemma_.lower() not in _WITH_OBJECT:
            return None  # "pulled pupils out of class"
        return self._grammar.oblique(verb, rest)

    def _named_next(self, held: Token) -> Token | None:
        """The name after "pointing the finger", where the preposition was lost in translation."""
        following = self._grammar.doc[held.i + 1 : held.i + 4]
        return next((token for token in following if token.ent_type_ and not token.is_punct), None)

    def _called(self, verb: Token) -> Iterator[Match]:
        """Called Y a liar, described Y as "shameful"."""
        target = self._grammar.patient(verb)
        if target is None:
            return
        for said in self._grammar.children(verb, "xcomp", "obl", "obj", "nmod", "advcl", "ccomp"):
            if said.i <= max(verb.i, target.i) and not self._grammar.passive(verb):
                continue
            for word in (said, *self._grammar.children(said, "amod", "conj")):
                side = self._words.judgements.get(word.lemma_.lower()) or self._words.judgements.get(word.lower_)
                if side is not None:
                    kind = CueClass("judge", side, _CALLED, _CALLED, frozenset())
                    yield Match(verb, kind, self._grammar.agent(verb), target)
                    return

    def _clause(self, verb: Token, kind: CueClass) -> Iterator[Match]:
        """A wish: its object, or what its complement does to its own object."""
        holder = self._grammar.agent(verb)
        target = self._grammar.patient(verb)
        if target is not None:
            yield Match(verb, kind, holder, target)
        for inner in self._grammar.children(verb, "xcomp", "ccomp"):
            for one in (inner, *self._grammar.children(inner, "conj")):
                yield from self._wished(verb, kind, holder, one)

    def _wished(self, verb: Token, kind: CueClass, holder: Token | None, inner: Token) -> Iterator[Match]:
        lemma = inner.lemma_.lower()
        if inner.pos_ != "VERB" or lemma in self._words.verbs:
            return  # the inner verb is a cue itself
        kind = replace(kind, name="wish", of_phrases=kind.certainty * 0.85) if kind.name == "want" else kind
        turns = lemma in self._words.words["turners.verbs"]
        own = self._grammar.child(inner, "nsubj", "nsubj:pass")
        if own is not None and own.dep_ == "nsubj":
            if turns and verb.lemma_.lower() in {"demand", "insist"}:
                yield Match(verb, kind, holder, own, flipped=True)
            return
        if own is None and verb.lemma_.lower() in {"fear", "agree", "decide"} and inner.dep_ == "ccomp":
            return
        if turns or lemma in self._words.words["promoters.verbs"]:
            done_to = self._grammar.patient(inner) if own is None else own
            if done_to is not None:
                yield Match(verb, kind, holder, done_to, flipped=turns, last=inner)

    def _gift(self, verb: Token) -> Iterator[Match]:
        """Send Y weapons, provide aid to Y."""
        # The parse may call who receives it an object too.
        *before, given = [*self._grammar.children(verb, "obj")] or [self._grammar.patient(verb)]
        if given is None or given.lemma_.lower() not in self._words.words["gifts.objects"]:
            return
        target = self._grammar.child(verb, "iobj") or (before[0] if before else None)
        for preposition in ("to", "for"):
            target = (
                target or self._grammar.oblique(verb, (preposition,)) or self._grammar.oblique(given, (preposition,))
            )
        if target is not None:
            yield Match(verb, _GIFT, self._grammar.agent(verb), target, last=given)
