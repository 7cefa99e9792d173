"""Holders and targets: the entity a word belongs to, and the words as written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from spacy.tokens import Token

from pipeline.article import Entity, Span
from pipeline.enrichment.gazetteer import gazetteer
from pipeline.enrichment.quotes.clauses import subject_phrase
from pipeline.enrichment.stances.grammar import Grammar
from pipeline.enrichment.stances.lexicon import Lexicon

NO_PARTY = frozenset({"DATE", "MONEY"})
"""Types of entities that are for or against nobody."""

_ENDS = frozenset({"but", "who", "which", "whose", "whom", "because", "while", "after", "before", ";", ":", "–", "—"})
_BEFORE_NOUN = ("compound", "amod", "nmod:desc")
_LONGEST = 12
"""Words of a phrase."""

_FIRST_PERSON = frozenset({"i", "we", "me", "us", "our", "my", "myself", "ourselves"})
_NOUNS = frozenset({"NOUN", "PROPN", "PRON", "NUM", "DET"})
_TRADES = ("ist", "ian", "maker", "monger", "man", "woman", "men", "people", "person", "worker")
_ABSTRACT = ("tion", "sion", "ment", "ness", "ance", "ence", "ism", "ity")
_ALL = frozenset({"all", "both", "many", "most", "some", "others", "everyone", "everybody", "they"})


@dataclass(frozen=True, slots=True)
class Party:
    """A holder or a target.

    Attributes:
        entity: its id, or None where it is no entity of the article.
        text: the words as written.
        head: index of its first word that stands for it; the classifier looks there.
        end: index after its last word.
    """

    entity: str | None
    text: Span
    head: int
    end: int


class Parties:
    """Tells the parties of one document.

    Args:
        grammar: of the document.
        entities: its entities with their mentions.
        words: the lexicon.
    """

    def __init__(self, grammar: Grammar, entities: Sequence[Entity], words: Lexicon) -> None:
        self._grammar = grammar
        self._doc = grammar.doc
        self._words = words
        self.entities = {entity.id: entity for entity in entities if entity.type not in NO_PARTY}
        self._countries = {e.country: e.id for e in entities if e.country and e.key == f"place:{e.country.lower()}"}
        self._starts = {token.idx: token.i for token in grammar.doc}
        self._ends = {token.idx + len(token): token.i + 1 for token in grammar.doc}
        self._at = self._by_word()

    def words_of(self, mention: Span) -> tuple[int, int] | None:
        """The words of a mention, or None where it cuts a word."""
        start, end = self._starts.get(mention.start), self._ends.get(mention.end)
        return (start, end) if start is not None and end is not None else None

    def entity_at(self, token: Token) -> str | None:
        """The entity a word belongs to, a government rather than the place it is named by."""
        found = self._at.get(token.i)
        return found[0] if found else None

    def _by_word(self) -> dict[int, tuple[str, Span, int, int]]:
        """For each word of a mention its entity, the mention and its words; a metonym's government before its place."""
        # Longer mentions are written over by the shorter within them, except that a metonym wins.
        ranked = [
            (mention.kind == "metonym", words[0] - words[1], *words, entity.id, mention)
            for entity in self.entities.values()
            for mention in entity.mentions
            if (words := self.words_of(mention))
        ]
        found: dict[int, tuple[str, Span, int, int]] = {}
        for _, _, start, end, identifier, mention in sorted(ranked, key=lambda one: one[:3]):
            span = Span(start=mention.start, end=mention.end, text=mention.text)
            for word in range(start, end):
                found[word] = (identifier, span, start, end)
        return found

    def holder(self, token: Token) -> Party | None:
        """Who holds a stance, or None where the word stands for nobody that can."""
        entity = self.entity_at(token)
        if entity is None and token.lemma_.lower() in self._words.words["holders.documents"]:
            token = self._author(token) or token
            entity = self.entity_at(token)
        if entity is None and (token.lower_ in self._words.words["nobody.words"] or token.lower_ in _FIRST_PERSON):
            return None
        if entity is None and token.pos_ == "PRON" and token.lower_ not in _ALL:
            return None
        if entity is None and token.lower_ not in _ALL and not self.can_hold(token):
            return None
        return self._party(token, self.actor(entity))

    def _author(self, document: Token) -> Token | None:
        """Whose statement, report or lawsuit it is."""
        owner = self._grammar.child(document, "nmod:poss")
        if owner is None:
            owner = next((one for one in self._grammar.children(document, *_BEFORE_NOUN) if self.entity_at(one)), None)
        for preposition in ("by", "from", "of"):
            owner = owner if owner is not None else self._grammar.oblique(document, (preposition,))
        return owner

    def can_hold(self, noun: Token) -> bool:
        """Whether a noun names somebody: a trade, a group, an institution."""
        lemma = noun.lemma_.lower()
        if noun.pos_ not in {"NOUN", "PROPN"}:
            return False
        return noun.pos_ == "PROPN" or lemma in self._words.words["holders.nouns"] or lemma.endswith(_TRADES)

    def target(self, token: Token, *, powers: bool = True, owned: bool = True) -> Party | None:
        """Whom or what a stance is toward: an entity, what an entity owns or does, or a phrase.

        Args:
            token: its head word.
            powers: whether a capital means its government, where the article names the country.
            owned: whether what is toward an act is toward who does it.
        """
        entity = self.entity_at(token)
        if entity is None:
            if (
                token.pos_ not in {"NOUN", "PROPN"}
                or token.ent_type_ in NO_PARTY
                or token.lemma_.lower() in self._words.words["nobody.targets"]
            ):
                return None
            entity = self._owner(token) if owned else self._freed(token)
        return self._party(token, self._government(entity) if powers else self.actor(entity))

    def suffers(self, noun: Token) -> bool:
        """Whether what is done to it is done to somebody: it can think, or is what somebody does or owns."""
        does = noun.lemma_.lower() in self._words.words["acts.nouns"]
        return does or self.can_hold(noun) or self._grammar.child(noun, "nmod:poss") is not None

    def own(self, noun: Token) -> bool:
        """Whether a pronoun owns it: "X sacked her government", "X defended his decision"."""
        owner = self._grammar.child(noun, "nmod:poss")
        return owner is not None and owner.pos_ == "PRON"

    def without(self, target: Party, head: Token, holder: Party) -> Party:
        """A target whose words end before a holder that is named within them: "a demand unacceptable to X"."""
        if not head.i < holder.head < target.end:
            return target
        end = holder.head
        while end - 1 > head.i and self._doc[end - 1].pos_ in {"ADP", "DET"}:
            end -= 1
        span = self._doc[target.head : end]
        return Party(target.entity, Span(start=span.start_char, end=span.end_char, text=span.text), target.head, end)

    def spoken(self, entity: str | None, mention: Span) -> Party | None:
        """The speaker of a quote as a party."""
        words = self._doc.char_span(mention.start, mention.end, alignment_mode="expand")
        return Party(entity, mention, words.start, words.end) if words is not None else None

    def _owner(self, noun: Token) -> str | None:
        """Whose act or policy a noun is."""
        lemma = noun.lemma_.lower()
        if lemma in self._words.words["acts.kindness"]:
            return self._freed(noun)
        if lemma not in self._words.words["acts.nouns"]:
            owner = self._grammar.child(noun, "nmod:poss")
            told = owner is not None and lemma.endswith(_ABSTRACT) and not self.can_hold(noun)
            return self.entity_at(owner) if told and owner is not None else None
        for child in self._grammar.children(noun, "nmod:poss", *_BEFORE_NOUN):
            if (found := self.entity_at(child)) is not None:
                return found
        for key, preposition in (("acts.nouns", "by"), ("acts.by_of", "of"), ("acts.by_with", "with")):
            author = self._grammar.oblique(noun, (preposition,)) if lemma in self._words.words[key] else None
            if author is not None and (found := self.entity_at(author)) is not None:
                return found
        return self._doer(noun)

    def _freed(self, noun: Token) -> str | None:
        """Whose release it is."""
        if noun.lemma_.lower() not in self._words.words["acts.kindness"]:
            return None
        freed = self._grammar.oblique(noun, ("of",)) or self._grammar.child(noun, "nmod:poss")
        return self.entity_at(freed) if freed is not None else None

    def _doer(self, act: Token) -> str | None:
        """Who does it in a clause of its own: "the job X has done", "the efforts made by X"."""
        for clause in self._grammar.children(act, "acl:relcl", "acl"):
            if clause.lemma_.lower() in self._words.verbs:
                continue  # "the claims X rejects" are not X's
            passive = self._grammar.passive(clause)
            if not passive and self._grammar.marked(clause):
                continue  # "the criticism that X ..." is not X's
            doer = self._grammar.agent(clause) if passive else self._grammar.child(clause, "nsubj")
            if doer is not None and (found := self.entity_at(doer)) is not None:
                return found
        return None

    def _government(self, entity: str | None) -> str | None:
        """The country of a capital, where the article names it; any other entity as `actor` has it."""
        if entity is None or self.entities[entity].type != "GPE":
            return self.actor(entity)
        country = gazetteer().capital(self.entities[entity].name)
        code = country.country if country is not None else None
        return self._countries.get(code or "", entity) if self.entities[entity].country == code else entity

    def actor(self, entity: str | None) -> str | None:
        """A people stands for its country, where the article names that: "Russian aggression", "the Russians"."""
        if entity is None or self.entities[entity].type != "NORP":
            return entity
        return self._countries.get(self.entities[entity].country or "", entity)

    def _party(self, token: Token, entity: str | None) -> Party | None:
        written = self._at.get(token.i)
        if written:
            return Party(entity, written[1], written[2], written[3])
        phrase = subject_phrase(self._doc, self._grammar.layout, token)
        if phrase is None or not phrase.start <= token.i < phrase.end:
            return None
        start, end = phrase.start, min(phrase.end, phrase.start + _LONGEST)
        if end <= token.i:
            start, end = token.i, token.i + 1
        if self._doc[start].pos_ == "CCONJ":
            start += 1
        case = self._grammar.child(token, "case")
        if case is not None and start <= case.i < token.i:
            start = case.i + 1
        # "... her players but critical of the referee, who ...": the phrase ends with its first clause.
        end = next((one.i for one in self._doc[token.i + 1 : end] if one.lower_ in _ENDS), end)
        while end - 1 > token.i and (self._doc[end - 1].is_punct or self._doc[end - 1].tag_ == "POS"):
            end -= 1
        while start < token.i and self._doc[start].is_punct:
            start += 1
        span = self._doc[start:end]
        return Party(entity, Span(start=span.start_char, end=span.end_char, text=span.text), start, end)
