"""Nouns, adjectives and prepositions of stance: "X's criticism of Y", "X is critical of Y", "X is against Y"."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Token

from pipeline.enrichment.stances.grammar import Grammar
from pipeline.enrichment.stances.lexicon import CueClass, Lexicon
from pipeline.enrichment.stances.patterns import Match, each_other

_ORIGIN = (("from",), ("by",))
_OF_PEOPLE = frozenset({"amod", "compound", "nmod:desc"})
"""How "Russian" hangs on "criticism"."""

_BESIDE = frozenset({"appos", "nmod:desc", "compound"})
_AGAINST = CueClass("reject", "against", 0.8, 0.8, frozenset())
_BEHIND = CueClass("support", "favor", 0.8, 0.8, frozenset())
_JUDGED, _PHRASE_JUDGED = 0.82, 0.75


class Nominals:
    """Finds what nouns, adjectives and prepositions join.

    Args:
        grammar: of the document.
        words: the lexicon.
    """

    def __init__(self, grammar: Grammar, words: Lexicon) -> None:
        self._grammar = grammar
        self._words = words

    def matches(self, token: Token) -> Iterator[Match]:
        """What a word that is no verb says."""
        if token.pos_ == "NOUN":
            yield from self._noun(token)
            yield from self._person(token)
            yield from self._stand(token)
            if side := self._words.judgements.get(token.lemma_.lower()):
                yield from self._predicated(token, CueClass("judge", side, _JUDGED, _PHRASE_JUDGED, frozenset()))
        elif token.pos_ == "ADJ":
            yield from self._adjective(token)
        elif token.pos_ == "ADP" and token.dep_ == "case" and token.lower_ in {"against", "behind"}:
            yield from self._predicate(token)

    # -- nouns -------------------------------------------------------------------------------------

    def _noun(self, noun: Token) -> Iterator[Match]:
        kind = self._words.nouns.get(noun.lemma_.lower())
        if kind is None or noun.dep_ in {"compound", "nmod:desc"}:
            return
        if kind.mutual:
            yield from self._between(noun, kind)
        verb = noun.head if noun.dep_ in {"obj", "nsubj:pass", "obl"} and noun.head.pos_ == "VERB" else None
        if verb is not None and noun.dep_ == "obj" and verb.lemma_.lower() in self._words.words["carriers.reversed"]:
            yield from self._received(noun, verb, kind)
            return
        carrier, undone = self._carried(noun, verb, kind)
        target = self._of_noun(noun, kind)
        if target is None and verb is not None and (carrier or undone):
            target = self._of_noun(verb, kind) or self._grammar.child(verb, "iobj")
        holder = self._owner(noun)
        if holder is None and verb is not None and (carrier or undone):
            holder = self._grammar.agent(verb)
            flipped = undone
        else:
            flipped = False
        if target is not None and holder is not None:
            yield Match(noun, kind, holder, target, flipped=flipped)
        elif kind.mutual and carrier and verb is not None:
            yield from each_other(self._grammar, noun, kind, self._grammar.agent(verb))

    def _carried(self, noun: Token, verb: Token | None, kind: CueClass) -> tuple[bool, bool]:
        """Whether a noun's verb does what the noun says ("imposed sanctions"), or undoes it ("lifted sanctions")."""
        if verb is None or noun.dep_ == "obl":
            return False, False
        lemma = verb.lemma_.lower()
        carrier = lemma in self._words.words["carriers.verbs"]
        if kind.mutual:
            carrier = carrier or lemma in self._words.words["promoters.verbs"]
        return carrier, lemma in self._words.words["undoing.nouns"]

    def _between(self, noun: Token, kind: CueClass) -> Iterator[Match]:
        """An agreement between X and Y."""
        yield from each_other(self._grammar, noun, kind, self._grammar.oblique(noun, ("between",)))

    def _received(self, noun: Token, verb: Token, kind: CueClass) -> Iterator[Match]:
        """Y drew criticism from X."""
        holder = self._owner(noun) or self._grammar.oblique(verb, ("from",))
        target = self._grammar.agent(verb)
        if holder is not None and target is not None and self._of_noun(noun, kind) is None:
            yield Match(noun, kind, holder, target)

    def _of_noun(self, noun: Token, kind: CueClass) -> Token | None:
        found = (self._grammar.oblique(noun, (one,)) for one in sorted(kind.prepositions - {"by"}))
        return min((one for one in found if one is not None), key=lambda one: one.i, default=None)

    def _owner(self, noun: Token) -> Token | None:
        owner = self._grammar.child(noun, "nmod:poss")
        if owner is None:
            found = (self._grammar.oblique(noun, one) for one in _ORIGIN)
            owner = next((one for one in found if one is not None), None)
        if owner is None:
            owner = next((one for one in self._grammar.children(noun, *_OF_PEOPLE) if one.ent_type_ == "NORP"), None)
        return owner

    def _person(self, noun: Token) -> Iterator[Match]:
        """X is a critic of Y; X, a Y critic; X emerged as a critic of Y."""
        kind = self._words.people.get(noun.lemma_.lower())
        if kind is None:
            return
        target = self._grammar.oblique(noun, ("of",)) or self._grammar.child(noun, "nmod:poss")
        if target is None:
            target = next((one for one in self._grammar.children(noun, *_OF_PEOPLE) if one.ent_type_), None)
        holder = self._grammar.child(noun, "nsubj") or self._grammar.child(noun, "appos")
        if holder is None and noun.dep_ in _BESIDE:
            holder = noun.head
        if holder is None and (noun.dep_ == "xcomp" or self._cased(noun, "as")):
            holder = self._grammar.patient(noun.head) or self._grammar.subject(noun.head)
        if target is not None and holder is not None:
            yield Match(noun, kind, holder, target)

    def _cased(self, noun: Token, preposition: str) -> bool:
        return any(case.lower_ == preposition for case in self._grammar.children(noun, "case"))

    def _stand(self, noun: Token) -> Iterator[Match]:
        """X is in favour of Y; X voted in favour of Y; X is at odds with Y."""
        for before, after, kind in self._words.stands.get(noun.lower_, ()):
            target = self._grammar.oblique(noun, (after,))
            if target is None or not self._cased(noun, before):
                continue
            holder = self._grammar.child(noun, "nsubj")
            if holder is None and noun.head.pos_ == "VERB":
                holder = self._grammar.agent(noun.head)
            if holder is not None:
                yield Match(noun, kind, holder, target)

    # -- adjectives and prepositions ---------------------------------------------------------------

    def _adjective(self, adjective: Token) -> Iterator[Match]:
        for preposition, kind in self._words.adjectives.get(adjective.lower_, {}).items():
            target = self._grammar.oblique(adjective, (preposition,))
            if target is not None:
                yield Match(adjective, kind, self._grammar.subject(adjective), target)
                return
        if side := self._words.judgements.get(adjective.lower_):
            yield from self._judgement(adjective, CueClass("judge", side, _JUDGED, _PHRASE_JUDGED, frozenset()))

    def _judgement(self, adjective: Token, kind: CueClass) -> Iterator[Match]:
        """The demand is unacceptable; an unacceptable demand for X."""
        if adjective.dep_ != "amod":
            yield from self._predicated(adjective, kind)
            return
        noun = adjective.head
        subject = self._grammar.child(noun, "nsubj")
        if noun.dep_ == "ROOT" and (subject is not None or self._grammar.child(noun, "cop") is None):
            yield Match(adjective, kind, self._grammar.oblique(noun, ("for",)), noun if subject is None else subject)

    def _predicated(self, word: Token, kind: CueClass) -> Iterator[Match]:
        """The demand is unacceptable for X; the demand is a mistake."""
        subject = self._grammar.child(word, "nsubj", "csubj")
        if subject is not None and self._grammar.child(word, "cop") is not None:
            yield Match(word, kind, self._grammar.oblique(word, ("for",)), subject)

    def _predicate(self, preposition: Token) -> Iterator[Match]:
        """X is against Y."""
        target = preposition.head
        subject = self._grammar.child(target, "nsubj")
        if subject is not None and subject.lower_ != "it" and self._grammar.child(target, "cop") is not None:
            kind = _AGAINST if preposition.lower_ == "against" else _BEHIND
            yield Match(preposition, kind, subject, target, stated_at=target)
