"""Cues of stance in a document, each with the words that hold the places of holder and target."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from spacy.tokens import Token

from pipeline.enrichment.stances.grammar import Grammar
from pipeline.enrichment.stances.lexicon import CueClass, Lexicon
from pipeline.enrichment.stances.polarity import Label, read, turned

_ORIGIN = (("from",), ("by",))
_OF_PEOPLE = frozenset({"amod", "compound", "nmod:desc"})
"""How "Russian" hangs on "criticism"."""

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
        certainty: how sure that reading is, 0 to 1.
        why: what changed the meaning of the cue.
        coordinated: whether holder or target only comes in by an "and".
    """

    word: Token
    extra: Token
    kind: str
    holder: Token | None
    target: Token
    label: Label
    certainty: float
    why: tuple[str, ...] = ()
    coordinated: bool = False


class Cues:
    """Finds the cues of one document.

    Args:
        grammar: of the document.
        words: the lexicon.
    """

    def __init__(self, grammar: Grammar, words: Lexicon) -> None:
        self._grammar = grammar
        self._words = words

    def all(self) -> Iterator[Cue]:
        """Every cue with a holder and a target, in the order of the text."""
        for token in self._grammar.doc:
            if self._grammar.layout.paragraph[token.i] < 0:
                continue
            if token.pos_ == "VERB":
                yield from self._verb(token)
            elif token.pos_ == "NOUN":
                yield from self._noun(token)
                yield from self._person(token)
            elif token.pos_ == "ADJ":
                yield from self._adjective(token)
            elif token.pos_ == "ADP" and token.dep_ == "case" and token.lower_ in {"against", "behind"}:
                yield from self._predicate(token)

    # -- verbs -------------------------------------------------------------------------------------

    def _verb(self, verb: Token) -> Iterator[Cue]:
        lemma = verb.lemma_.lower()
        for rest, cue in self._words.phrases.get(lemma, {}).items():
            if rest and (target := self._after(verb, rest)) is not None:
                yield from self._cues(verb, cue, self._grammar.subject(verb), target)
                return
        if lemma in self._words.words["gifts.verbs"]:
            yield from self._gift(verb)
        if done := self._words.verbs.get(lemma):
            target = self._grammar.patient(verb)
            if target is not None:
                yield from self._cues(verb, done, self._grammar.agent(verb), target)
        elif wished := self._words.clauses.get(lemma):
            yield from self._clause(verb, wished)

    def _after(self, verb: Token, rest: tuple[str, ...]) -> Token | None:
        *objects, preposition = rest
        if len(objects) == 1:
            # "point the finger at": the phrase holds an object.
            held = self._grammar.child(verb, "obj")
            if held is not None and held.lemma_.lower() == objects[0]:
                target = self._grammar.oblique(verb, (preposition,)) or self._grammar.oblique(held, (preposition,))
                return target if target is not None else self._named_next(held)
        return self._grammar.oblique(verb, rest)

    def _named_next(self, held: Token) -> Token | None:
        """The name after "pointing the finger", where the preposition was lost in translation."""
        following = self._grammar.doc[held.i + 1 : held.i + 4]
        return next((token for token in following if token.ent_type_ and not token.is_punct), None)

    def _clause(self, verb: Token, cue: CueClass) -> Iterator[Cue]:
        """A wish: its object, or what its complement does to its own object."""
        holder = self._grammar.agent(verb)
        target = self._grammar.patient(verb)
        if target is not None:
            yield from self._cues(verb, cue, holder, target)
        for inner in self._grammar.children(verb, "xcomp", "ccomp"):
            for one in (inner, *self._grammar.children(inner, "conj")):
                yield from self._wished(verb, cue, holder, one)

    def _wished(self, verb: Token, cue: CueClass, holder: Token | None, inner: Token) -> Iterator[Cue]:
        lemma = inner.lemma_.lower()
        if inner.pos_ != "VERB" or lemma in self._words.verbs:
            return  # the inner verb is a cue itself
        cue = replace(cue, name="wish") if cue.name == "want" else cue
        turns = lemma in self._words.words["turners.verbs"]
        own = self._grammar.child(inner, "nsubj", "nsubj:pass")
        if own is not None and own.dep_ == "nsubj":
            if turns and verb.lemma_.lower() in {"demand", "insist"}:
                yield from self._cues(verb, cue, holder, own, flipped=True)
            return
        if own is None and verb.lemma_.lower() in {"fear", "agree", "decide"} and inner.dep_ == "ccomp":
            return
        if turns or lemma in self._words.words["promoters.verbs"]:
            done_to = self._grammar.patient(inner) if own is None else own
            if done_to is not None:
                yield from self._cues(verb, cue, holder, done_to, flipped=turns, last=inner)

    def _gift(self, verb: Token) -> Iterator[Cue]:
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
            cue = CueClass("aid", "favor", 0.75, frozenset())
            yield from self._cues(verb, cue, self._grammar.agent(verb), target, last=given)

    # -- nouns, adjectives, prepositions -----------------------------------------------------------

    def _noun(self, noun: Token) -> Iterator[Cue]:
        cue = self._words.nouns.get(noun.lemma_.lower())
        if cue is None or noun.dep_ in {"compound", "nmod:desc"}:
            return
        verb = noun.head if noun.dep_ in {"obj", "nsubj:pass", "obl"} and noun.head.pos_ == "VERB" else None
        carrier = verb is not None and verb.lemma_.lower() in self._words.words["carriers.verbs"]
        if verb is not None and noun.dep_ == "obj" and verb.lemma_.lower() in self._words.words["carriers.reversed"]:
            yield from self._received(noun, verb, cue)
            return
        target = self._of_noun(noun, cue)
        if target is None and carrier and verb is not None:
            target = self._of_noun(verb, cue) or self._grammar.child(verb, "iobj")
        holder = self._owner(noun)
        if holder is None and carrier and verb is not None and noun.dep_ != "obl":
            holder = self._grammar.agent(verb)
        if target is not None and holder is not None:
            yield from self._cues(noun, cue, holder, target)

    def _received(self, noun: Token, verb: Token, cue: CueClass) -> Iterator[Cue]:
        """Y drew criticism from X."""
        holder = self._owner(noun) or self._grammar.oblique(verb, ("from",))
        target = self._grammar.agent(verb)
        if holder is not None and target is not None and self._of_noun(noun, cue) is None:
            yield from self._cues(noun, cue, holder, target)

    def _of_noun(self, noun: Token, cue: CueClass) -> Token | None:
        found = (self._grammar.oblique(noun, (one,)) for one in sorted(cue.prepositions - {"by"}))
        return min((one for one in found if one is not None), key=lambda one: one.i, default=None)

    def _owner(self, noun: Token) -> Token | None:
        owner = self._grammar.child(noun, "nmod:poss")
        if owner is None:
            found = (self._grammar.oblique(noun, one) for one in _ORIGIN)
            owner = next((one for one in found if one is not None), None)
        if owner is None:
            owner = next((one for one in self._grammar.children(noun, *_OF_PEOPLE) if one.ent_type_ == "NORP"), None)
        return owner

    def _person(self, noun: Token) -> Iterator[Cue]:
        """X is a critic of Y; X, a Y critic."""
        cue = self._words.people.get(noun.lemma_.lower())
        if cue is None:
            return
        target = self._grammar.oblique(noun, ("of",)) or self._grammar.child(noun, "nmod:poss")
        if target is None:
            target = next((one for one in self._grammar.children(noun, *_OF_PEOPLE) if one.ent_type_), None)
        holder = self._grammar.child(noun, "nsubj") or self._grammar.child(noun, "appos")
        if holder is None and noun.dep_ in {"appos", "nmod:desc", "compound"}:
            holder = noun.head
        if target is not None and holder is not None:
            yield from self._cues(noun, cue, holder, target)

    def _adjective(self, adjective: Token) -> Iterator[Cue]:
        prepositions = self._words.adjectives.get(adjective.lower_, {})
        for preposition, cue in prepositions.items():
            target = self._grammar.oblique(adjective, (preposition,))
            if target is not None:
                yield from self._cues(adjective, cue, self._grammar.subject(adjective), target)
                return
        if side := self._words.judgements.get(adjective.lower_):
            yield from self._judgement(adjective, CueClass("judge", side, 0.75, frozenset()))

    def _judgement(self, adjective: Token, cue: CueClass) -> Iterator[Cue]:
        """The demand is unacceptable; an unacceptable demand for X."""
        if adjective.dep_ == "amod":
            target, subject = adjective.head, self._grammar.child(adjective.head, "nsubj")
            if target.dep_ != "ROOT" or (subject is None and self._grammar.child(target, "cop") is not None):
                return
            target = subject if subject is not None else target
            holder = self._grammar.oblique(adjective.head, ("for",))
        else:
            subject = self._grammar.child(adjective, "nsubj", "csubj")
            if subject is None or self._grammar.child(adjective, "cop") is None:
                return
            target, holder = subject, self._grammar.oblique(adjective, ("for",))
        yield from self._cues(adjective, cue, holder, target)

    def _predicate(self, preposition: Token) -> Iterator[Cue]:
        """X is against Y."""
        target = preposition.head
        subject = self._grammar.child(target, "nsubj")
        if subject is not None and self._grammar.child(target, "cop") is not None:
            against = preposition.lower_ == "against"
            cue = CueClass("reject" if against else "support", "against" if against else "favor", 0.8, frozenset())
            yield from self._cues(preposition, cue, subject, target, stated_at=target)

    # -- what they come to -------------------------------------------------------------------------

    def _cues(
        self,
        word: Token,
        cue: CueClass,
        holder: Token | None,
        target: Token,
        *,
        flipped: bool = False,
        last: Token | None = None,
        stated_at: Token | None = None,
    ) -> Iterator[Cue]:
        """A cue for each of its coordinated holders and targets, negation and doubt considered."""
        if holder is None and cue.name != "judge":
            return
        label = ("against" if cue.label == "favor" else "favor") if flipped else cue.label
        reading = read(self._grammar, self._words, stated_at or word, label, cue.certainty)
        certainty = reading.certainty * self._footing(stated_at or word)
        for one in self._grammar.together(holder) if holder is not None else [None]:
            for other in self._grammar.together(target):
                meant, turned_label = turned(self._grammar, self._words, other, reading.label)
                if one is None or one.i != meant.i:
                    beside = one is not holder or other is not target
                    end = last or word
                    yield Cue(word, end, cue.name, one, meant, turned_label, certainty, reading.why, beside)

    def _footing(self, word: Token) -> float:
        """How far a cue is a deed of its holder: "a body set up to support trade" has done nothing yet."""
        purpose = word.dep_ == "acl" and word.tag_ == "VB" and self._grammar.child(word.head, "nmod:poss") is None
        trait = word.dep_ == "xcomp" and word.head.pos_ in {"ADJ", "NOUN"}
        means = word.dep_ == "advcl" and word.tag_ in {"VB", "VBG"} and word.head.pos_ == "NOUN"
        return _PURPOSE if purpose or trait or means else 1.0
