"""Who does what to whom by the parse: subjects, objects and obliques through passives, control and coordination.

Dependency labels are those of Universal Dependencies, version 2.
"""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Doc, Token

from pipeline.enrichment.quotes.layout import Layout

_SUBJECTS = frozenset({"nsubj", "nsubj:pass", "nsubj:outer"})
_RELATIVE = frozenset({"who", "which", "that", "whom"})
_SUBJECT_CONTROL = frozenset({"promise", "vow", "pledge", "threaten", "offer"})
_URGING = frozenset(
    "urge ask beg implore exhort request instruct order invite encourage advise want tell press pressure push".split()
)
"""What somebody is urged to do is the stance of who urges."""

_PREPOSED = frozenset({"obj", "iobj", "nsubj"})
_DEEPEST = 5
"""Clauses that a missing subject is looked for in."""


class Grammar:
    """Asks the parse of a document.

    Args:
        doc: a document with tags and dependencies.
        layout: its sentences, and the words that hang on each word.
    """

    def __init__(self, doc: Doc, layout: Layout) -> None:
        self.doc = doc
        self.layout = layout

    def children(self, token: Token, *deps: str) -> Iterator[Token]:
        """The words that hang on a word by one of the labels, left to right."""
        return (child for child in self.layout.children[token.i] if child.dep_ in deps)

    def child(self, token: Token, *deps: str) -> Token | None:
        """The first of them."""
        return next(self.children(token, *deps), None)

    def passive(self, verb: Token) -> bool:
        """Whether a verb's subject suffers what it says."""
        if self.child(verb, "aux:pass", "nsubj:pass") is not None:
            return True
        if self.child(verb, "obl:agent") is not None and self.child(verb, "obj") is None:
            return True  # "the plan, rejected by Y": whatever the parse makes of the participle
        if verb.tag_ != "VBN" or self.child(verb, "aux", "nsubj") is not None:
            return False
        return verb.dep_ in {"acl", "advcl", "amod"} or (verb.dep_ == "conj" and self.passive(verb.head))

    # -- participants ------------------------------------------------------------------------------

    def agent(self, verb: Token) -> Token | None:
        """Who does what a verb says."""
        if not self.passive(verb):
            return self.subject(verb)
        by = self.child(verb, "obl:agent")
        return by if by is not None else self.oblique(verb, ("by",))

    def patient(self, verb: Token) -> Token | None:
        """Whom or what it is done to."""
        if self.passive(verb):
            return self.subject(verb)
        found = self._object(verb)
        if found is not None:
            return self._meant(found)
        if verb.dep_ == "acl:relcl" and self.child(verb, "nsubj") is not None and not self._by_relative(verb):
            return verb.head
        return None

    def _object(self, verb: Token) -> Token | None:
        own = next(
            (one for one in self.children(verb, "obj") if one.i > verb.i or one.tag_ in {"WP", "WDT"}), None
        )  # fmt: skip
        return own if own is not None else self._misplaced(verb)

    def _misplaced(self, verb: Token) -> Token | None:
        """The object in "accused Russia of seeking to ...", which the parse may hang on the clause that follows it."""
        for token in self.doc[verb.i + 1 : verb.i + 12]:
            if token.pos_ in {"VERB", "AUX", "PUNCT", "ADP", "SCONJ"}:
                break
            if token.dep_ in _PREPOSED and token.i < token.head.i and token.left_edge.i == verb.i + 1:
                after = token.right_edge.i + 1
                clear = token.dep_ == "obj" or (after < len(self.doc) and self.doc[after].pos_ in {"ADP", "SCONJ"})
                return token if clear and verb.is_ancestor(token) else None
        return None

    def subject(self, verb: Token, depth: int = 0) -> Token | None:
        """The subject of a verb or predicate, its own or the one it shares; for a passive, who suffers."""
        own = next((child for child in self.layout.children[verb.i] if child.dep_ in _SUBJECTS), None)
        own = own if own is not None else self._beside(verb)
        if own is not None:
            return self._meant(own)
        above = verb.head
        if above.i == verb.i or depth > _DEEPEST:
            return None
        if verb.dep_ in {"conj", "parataxis"}:
            return self.subject(above, depth + 1) if above.pos_ in {"VERB", "AUX", "ADJ"} else None
        if verb.dep_ == "acl":
            return self._of_noun(verb, above, depth)
        if verb.dep_ in {"xcomp", "advcl"}:
            return self._controller(verb, above, depth)
        return above if verb.dep_ in {"acl:relcl", "amod"} else None

    def _beside(self, verb: Token) -> Token | None:
        """The subject in "On Friday, X accused Y", which the parse may hang on the day."""
        for aside in self.children(verb, "obl", "obl:unmarked", "advmod"):
            if aside.i < verb.i and (found := self.child(aside, "nsubj")) is not None and found.i > aside.i:
                return found
        return None

    def _of_noun(self, verb: Token, noun: Token, depth: int) -> Token | None:
        if verb.tag_ == "VBG" and not self.marked(verb) and self.doc[max(verb.i - 1, 0)].text == ",":
            return self._doing(noun, depth)
        if verb.tag_ in {"VBG", "VBN"} and not self.marked(verb):
            return noun
        if self.child(noun, "cop") is not None:  # "X was the first to praise Y"
            return self.subject(noun, depth + 1)
        # "Russia's decision to attack", "France has a plan to help".
        owner = self.child(noun, "nmod:poss")
        if owner is not None:
            return owner
        return self.subject(noun.head, depth + 1) if noun.dep_ in {"obj", "obl"} else None

    def _doing(self, noun: Token, depth: int) -> Token | None:
        """Who does what follows a noun and a comma: "X filed a complaint against Y, accusing him of ..."."""
        above = noun
        for _ in range(_DEEPEST):
            if above.dep_ in _SUBJECTS or above.head.i == above.i:
                return noun
            above = above.head
            if above.pos_ in {"VERB", "AUX"}:
                return self.subject(above, depth + 1) or noun
        return noun

    def _controller(self, verb: Token, above: Token, depth: int) -> Token | None:
        if above.pos_ not in {"VERB", "AUX", "ADJ"}:
            return self.subject(above, depth + 1)
        if verb.dep_ == "xcomp" and above.lemma_ in _URGING:
            return self.agent(above)
        governed = self.marked(verb) not in {"", "without", "after", "before", "while", "by", "despite"}
        if (verb.dep_ == "xcomp" or governed) and above.lemma_ not in _SUBJECT_CONTROL:
            # "urged Iran to stop", "accused Iran of helping"; "was accused of helping" has its subject.
            controlled = self._object(above) or self.child(above, "iobj")
            if controlled is not None and not self.passive(above):
                return self._meant(controlled)
        return self.subject(above, depth + 1)

    def marked(self, verb: Token) -> str:
        """What marks a clause: "to", "that", "if"; empty where nothing does."""
        mark = self.child(verb, "mark")
        return mark.lower_ if mark is not None else ""

    def _meant(self, token: Token) -> Token:
        """What a relative pronoun stands for; any other word itself."""
        if token.lower_ in _RELATIVE and token.tag_ in {"WP", "WDT"}:
            clause = token.head
            for _ in range(_DEEPEST):
                if clause.dep_ == "acl:relcl":
                    return clause.head
                clause = clause.head
        return token

    def _by_relative(self, verb: Token) -> bool:
        """Whether the relative clause's subject is the antecedent itself."""
        return any(child.lower_ in _RELATIVE for child in self.children(verb, "nsubj", "obl"))

    # -- obliques ----------------------------------------------------------------------------------

    def oblique(self, token: Token, words: tuple[str, ...]) -> Token | None:
        """What follows a word by particles and a preposition: ("out", "at"), ("against",)."""
        *particles, preposition = words
        # The parse may take any of them for a particle, an adverb or part of the preposition.
        beside = {child.lower_ for child in self.layout.children[token.i]}
        for child in self.layout.children[token.i]:
            if child.dep_ not in {"obl", "nmod", "obl:agent", "obj", "advcl", "advmod"} or child.i < token.i:
                continue
            cases = {case.lower_ for case in self.children(child, "case", "mark", "advmod")}
            if preposition in cases and all(word in cases or word in beside for word in particles):
                return child if child.pos_ != "VERB" else None
        if not particles and preposition in beside:  # "quit", "turn down": what follows is the object
            return self.child(token, "obj") if self._is_particle(token, preposition) else None
        return None

    def _is_particle(self, token: Token, word: str) -> bool:
        return any(child.lower_ == word for child in self.children(token, "compound:prt"))

    def together(self, token: Token) -> list[Token]:
        """A word and those coordinated with it."""
        found = [token]
        for child in self.children(token, "conj"):
            if child.pos_ in {"PROPN", "NOUN", "PRON"} and len(found) < 8:
                found.append(child)
        return found
