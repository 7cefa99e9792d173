"""Cues, sources and contents by the parse alone: what "X said that Y" and "Y, according to X" have where."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from spacy.tokens import Doc, Token

from pipeline.enrichment.quotes.layout import Layout
from pipeline.enrichment.quotes.lexicon import Lexicon
from pipeline.enrichment.quotes.spans import Extent, overlap

_BEFORE_CUE = frozenset({"aux", "aux:pass", "advmod", "neg"})
_SUBJECT = ("nsubj", "nsubj:pass")
_SHARES_SUBJECT = frozenset({"conj", "advcl", "xcomp", "parataxis"})
_ASIDES = frozenset({"acl:relcl", "parataxis", "ccomp"})
_NOMINAL = frozenset({"NOUN", "PROPN", "PRON", "DET", "ADJ", "NUM"})
_LIGHT_OBJECTS = frozenset({"word", "words", "goodbye", "hello", "prayer", "prayers"})
_LIGHT_PHRASE = 4
_BEFORE_NOUN = frozenset({"DET", "ADJ", "NUM", "PRON", "ADV"})
_HEADS = frozenset({"NOUN", "PROPN", "PRON"})
_STOPS = frozenset({",", ".", ";", ":", "?", "!"})
_ENDS_SPEECH = frozenset({",", "”", "“", '"', "»", "''", "?", "!", "…"})
_FINITE = frozenset({"VBD", "VBZ", "VBP", "MD"})
_SUBORDINATE = frozenset({"acl:relcl", "acl", "advcl"})
_EDGE_PUNCTUATION = frozenset({",", ";", ":", ".", "–", "—", "-", "―"})
_COMPLEMENTS = {
    "say": ("ccomp", "xcomp", "parataxis"),
    "think": ("ccomp",),
    "want": ("xcomp", "ccomp", "obj"),
    "judge": ("obj", "nsubj:pass", "obl"),
}

SOURCE_WORDS = 40
"""Words of a source that are looked at."""


@dataclass
class Clause:
    """A cue with the source and the contents the parse gives it; ``kind`` is the cue's class."""

    cue: Extent
    kind: str
    source: Extent | None = None
    contents: list[Extent] = field(default_factory=list)

    @property
    def start(self) -> int:
        """First word of cue and source."""
        return min(self.cue.start, self.source.start) if self.source else self.cue.start

    @property
    def end(self) -> int:
        """End of cue and source."""
        return max(self.cue.end, self.source.end) if self.source else self.cue.end


def clauses(doc: Doc, layout: Layout, words: Lexicon) -> list[Clause]:
    """What reports speech in the sentences of a document, in the order of the text."""
    found: list[Clause] = []
    for token in doc:
        if layout.paragraph[token.i] < 0:
            continue
        before_colon = token.i + 1 < len(doc) and doc[token.i + 1].text == ":"
        if token.pos_ == "VERB" or (before_colon and token.lower_ in words.forms):
            found += _verbal(doc, layout, words, token)
        elif token.pos_ == "NOUN" and words.lemma(token) in words.nouns:
            found += _nominal(doc, layout, token)
    return found


def trimmed(doc: Doc, start: int, end: int) -> Extent | None:
    """The span without punctuation and space at its edges; quote marks stay."""
    while start < end and (doc[start].is_space or doc[start].text in _EDGE_PUNCTUATION):
        start += 1
    while end > start and (doc[end - 1].is_space or doc[end - 1].text in _EDGE_PUNCTUATION):
        end -= 1
    return Extent(start, end) if start < end else None


def _verbal(doc: Doc, layout: Layout, words: Lexicon, verb: Token) -> Iterator[Clause]:
    lemma = words.lemma(verb)
    following = doc[verb.i + 1] if verb.i + 1 < len(doc) else None
    kind = words.verbs.get(lemma)
    phrase = following is not None and (lemma, following.lower_) in words.phrases and following.pos_ == "ADP"
    if kind is None and not phrase:
        return
    start, end = verb_group(doc, verb)
    if phrase:
        kind, end = "judge", max(end, verb.i + 2)
    source = _source(doc, layout, verb, start)
    inverted = _inverted(doc, layout, start, end, verb) if kind == "say" else None
    turned = inverted is not None and (source is None or source.start != inverted.start)
    clause = Clause(Extent(start, end), kind or "say", inverted if turned else source)
    contents = _contents(doc, layout, verb, clause)
    # Where the parse has missed who speaks it has missed what is said.
    clause.contents = [] if turned else contents
    if phrase and not clause.contents:
        _, finish = layout.sentences[layout.sentence[verb.i]]
        comma = next((token.i for token in doc[end:finish] if token.text in _STOPS), finish)
        clause.contents = [content] if (content := trimmed(doc, end, comma)) else []
    yield clause


def verb_group(doc: Doc, verb: Token) -> tuple[int, int]:
    """First word and end of a verb with its auxiliaries, adverbs and particle, and the colon after it."""
    start = verb.i
    while start > 0 and doc[start - 1].head == verb and doc[start - 1].dep_ in _BEFORE_CUE:
        start -= 1
    end = verb.i + 1
    if end < len(doc) and doc[end].head == verb and doc[end].dep_ == "compound:prt":
        end += 1
    if end < len(doc) and doc[end].text == ":":
        end += 1
    return start, end


def _inverted(doc: Doc, layout: Layout, start: int, end: int, verb: Token) -> Extent | None:
    """The source in "..., said X, ...", whatever subject the parse has found."""
    begin, finish = layout.sentences[layout.sentence[verb.i]]
    before = doc[start - 1].text if start > begin or start > 0 else ""
    if before not in _ENDS_SPEECH or verb.tag_ in {"VBG", "VB"}:
        return None
    quote_ends = start > 1 and doc[start - 2].text in _ENDS_SPEECH
    if before == "," and not quote_ends and not any(_states(token, verb) for token in doc[begin:start]):
        return None  # "X, who is tired, said the plan, ..."
    source = noun_phrase(doc, end, min(finish, end + SOURCE_WORDS))
    if source is None or source.start != end:
        return None
    after = doc[source.end] if source.end < finish else None
    if after is None or after.is_punct or after.is_space or after.pos_ in {"ADP", "SCONJ"} or after.ent_type_ == "DATE":
        return source
    return None


def _states(token: Token, verb: Token) -> bool:
    """Whether a finite verb makes a statement of its own before the verb of speech."""
    if token.tag_ not in _FINITE:
        return False
    main = token.head if token.dep_ in {"aux", "aux:pass", "cop"} else token
    return main.i != verb.i and main.dep_ not in _SUBORDINATE


def noun_phrase(doc: Doc, start: int, limit: int) -> Extent | None:
    """The noun phrase that starts at a word, by the parse, never over a comma."""
    if start >= limit or doc[start].pos_ not in _NOMINAL:
        return None
    comma = next((token.i for token in doc[start:limit] if token.text in _STOPS), limit)
    end = start
    for token in doc[start:comma]:
        if token.left_edge.i == start and token.pos_ in _HEADS:
            end = max(end, min(token.right_edge.i + 1, comma))
    while start < end < comma and doc[end].ent_iob_ == "I":
        end += 1
    return trimmed(doc, start, end)


def names_no_content(doc: Doc, cue: Extent) -> bool:
    """Whether a cue's object only says that there was speech: "X said a few words before the match"."""
    for token in doc[cue.end : cue.end + _LIGHT_PHRASE]:
        if token.pos_ == "NOUN":
            return token.lower_ in _LIGHT_OBJECTS and token.dep_ == "obj"
        if token.pos_ not in _BEFORE_NOUN:
            return False
    return False


def _source(doc: Doc, layout: Layout, verb: Token, start: int) -> Extent | None:
    passive = any(child.dep_ == "aux:pass" for child in layout.children[verb.i])
    if passive:
        for child in layout.children[verb.i]:
            if child.dep_ == "obl:agent":
                return subject_phrase(doc, layout, child, after="by")
    holder = verb
    for _ in range(3):
        for child in layout.children[holder.i]:
            if child.dep_ in _SUBJECT and not (passive and child.dep_ == "nsubj:pass"):
                return subject_phrase(doc, layout, child)
        if holder.dep_ == "acl" and holder.head.i < holder.i:
            return trimmed(doc, holder.head.left_edge.i, min(start, holder.i))
        if holder.dep_ not in _SHARES_SUBJECT or layout.sentence[holder.head.i] != layout.sentence[verb.i]:
            break
        holder = holder.head
    return _just_before(doc, start)


def _just_before(doc: Doc, start: int) -> Extent | None:
    """The name or pronoun that ends right before a verb the parse has given no subject."""
    begin = start
    while begin > 0 and doc[begin - 1].ent_iob_ == "I":
        begin -= 1
    if begin > 0 and (doc[begin - 1].ent_iob_ == "B" or (begin == start and doc[begin - 1].pos_ == "PRON")):
        return Extent(begin - 1, start)
    return None


def subject_phrase(doc: Doc, layout: Layout, head: Token, after: str = "") -> Extent | None:
    """A noun phrase without the relative clause and the asides behind it."""
    start, end = head.left_edge.i, head.right_edge.i + 1
    if after and doc[start].lower_ == after:
        start += 1
    for child in layout.children[head.i]:
        if child.i > head.i and (child.dep_ in _ASIDES or _after_comma(doc, child)):
            end = min(end, child.left_edge.i)
    while head.pos_ == "PROPN" and head.i < end < len(doc) and doc[end].ent_iob_ == "I":
        end += 1
    return trimmed(doc, start, end)


def _after_comma(doc: Doc, child: Token) -> bool:
    edge = child.left_edge.i
    return edge > 0 and "," in {doc[edge].text, doc[edge - 1].text} and child.dep_ in {"advcl", "acl", "advmod", "obl"}


def _contents(doc: Doc, layout: Layout, verb: Token, clause: Clause) -> list[Extent]:
    if clause.kind == "say" and names_no_content(doc, clause.cue):
        return []
    wanted = _COMPLEMENTS[clause.kind]
    for dep in wanted:
        for child in layout.children[verb.i]:
            if child.dep_ == dep and (found := _complement(doc, layout, verb, child, clause)):
                return [found]
    if clause.kind == "say" and verb.dep_ in {"parataxis", "ccomp"} and verb.head.i < verb.i:
        begin, _ = layout.sentences[layout.sentence[verb.i]]
        found = trimmed(doc, begin, clause.start)
        return [found] if found else []
    return []


def _complement(doc: Doc, layout: Layout, verb: Token, child: Token, clause: Clause) -> Extent | None:
    begin, finish = layout.sentences[layout.sentence[verb.i]]
    start, end = max(child.left_edge.i, begin), min(child.right_edge.i + 1, finish)
    if child.i < verb.i:
        end = min(end, clause.start)
        if clause.kind == "say":
            start = begin
    else:
        start = max(start, clause.cue.end)
        if clause.kind in {"judge", "want"}:
            end = min(max(verb.right_edge.i + 1, end), finish)
            # "... criticised the plan, saying it fails": what comes after is no part of the object.
            end = next((p - 1 for p in range(start + 1, end) if _new_clause(doc, p)), end)
        if clause.source and overlap(Extent(start, end), clause.source):
            start = max(start, clause.source.end) if clause.source.start <= start else start
            end = min(end, clause.source.start) if clause.source.start > start else end
    return trimmed(doc, start, end)


def _new_clause(doc: Doc, place: int) -> bool:
    return doc[place - 1].text == "," and doc[place].tag_ in {"VBG", "WP", "WDT"}


def _nominal(doc: Doc, layout: Layout, noun: Token) -> Iterator[Clause]:
    content = next(
        (
            child
            for child in layout.children[noun.i]
            if child.i > noun.i and child.dep_ in {"acl", "ccomp", "acl:relcl"}
        ),
        None,
    )
    if content is None or doc[content.left_edge.i].lower_ not in {"that", "to"}:
        return
    poss = next((child for child in layout.children[noun.i] if child.dep_ == "nmod:poss"), None)
    if poss is None:
        return
    _, finish = layout.sentences[layout.sentence[noun.i]]
    said = trimmed(doc, content.left_edge.i, min(content.right_edge.i + 1, finish))
    cue = Extent(noun.i, noun.i + 1)
    yield Clause(cue, "say", Extent(poss.left_edge.i, poss.right_edge.i + 1), [said] if said else [])
