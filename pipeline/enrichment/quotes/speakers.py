"""Who a source is: the entity whose mention stands in it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from spacy.tokens import Doc, Token

from pipeline.article import Entity
from pipeline.enrichment.quotes.layout import Layout
from pipeline.enrichment.quotes.spans import Attribution, Extent, root_of

_RELATIVE = frozenset({"who", "which", "that", "whom"})
_PERSONAL = frozenset({"he", "she"})
_POSSESSIVE = frozenset({"his", "her"})
_SUBJECTS = frozenset({"nsubj", "nsubj:pass", "csubj"})
_NAMES_ITS_HEAD = frozenset({"appos", "flat", "flat:name"})
_LONGEST = 40
"""Words of a source that are looked at."""


class Speakers:
    """Finds speakers among an article's entities.

    Args:
        doc: the article.
        layout: its sentences and paragraphs.
        entities: its entities with their mentions.
    """

    def __init__(self, doc: Doc, layout: Layout, entities: Sequence[Entity]) -> None:
        self._doc = doc
        self._layout = layout
        self._parsed = doc.has_annotation("DEP")
        self._entities = {entity.id: entity for entity in entities}
        self._mentions = sorted(
            (mention.start, mention.end, entity.id) for entity in entities for mention in entity.mentions
        )
        self._starts = [start for start, _, _ in self._mentions]
        self._last: tuple[int, str] | None = None

    def of(self, one: Attribution) -> str | None:
        """The id of the entity that speaks in an attribution; ask in the order of the text."""
        found = self._of_source(one.source) if one.source else self._of_fragment(one)
        if found and self._entities[found].type == "PERSON":
            self._last = self._layout.paragraph[one.start], found
        return found

    def _of_fragment(self, one: Attribution) -> str | None:
        """Who spoke last in the paragraph, for a gerund in a sentence without a subject: "By promising to ..."."""
        if one.cue is None or not self._last or self._last[0] != self._layout.paragraph[one.cue.start]:
            return None
        begin, finish = self._layout.sentences[self._layout.sentence[one.cue.start]]
        first = begin + (self._doc[begin].pos_ in {"ADP", "SCONJ"})
        if one.cue.start != first or self._doc[first].tag_ != "VBG":
            return None
        said = {place for content in one.contents for place in range(*content)}
        has_subject = any(token.dep_ in _SUBJECTS for token in self._doc[begin:finish] if token.i not in said)
        return None if has_subject else self._last[1]

    def _of_source(self, source: Extent) -> str | None:
        root = root_of(self._doc, source)
        if root.lower_ in _RELATIVE and source.end - source.start == 1:
            noun = root.head.head
            return self._at(noun) if noun.i < root.i else None
        found = self._exactly(source)
        if found is None and self._parsed:
            found = self._at(root)
        found = found or self._named(source, root)
        if found is None and source.end - source.start == 1 and root.lower_ in _PERSONAL | _POSSESSIVE:
            return self._antecedent(source)
        return found

    def _exactly(self, source: Extent) -> str | None:
        span = self._doc[source.start : source.end]
        at = bisect_left(self._mentions, (span.start_char, span.end_char, ""))
        if at < len(self._mentions) and self._mentions[at][:2] == (span.start_char, span.end_char):
            return self._mentions[at][2]
        return None

    def _at(self, token: Token) -> str | None:
        """The entity of the longest mention that holds a word and is not a mere part of a longer phrase before it."""
        start, end = token.idx, token.idx + len(token)
        best: tuple[int, str] | None = None
        for begin, finish, identifier in self._mentions[
            bisect_left(self._starts, start - 200) : bisect_right(self._starts, start)
        ][-20:]:
            if begin <= start and end <= finish:
                best = max(best or (0, ""), (finish - begin, identifier))
        return best[1] if best else None

    def _named(self, source: Extent, root: Token) -> str | None:
        """The name that stands beside a title: "the minister Ada Lamont"."""
        for token in self._doc[source.start : min(source.end, source.start + _LONGEST)]:
            found = self._at(token)
            if found is None or (token.i > source.start and self._at(self._doc[token.i - 1]) == found):
                continue  # no name, or not its first word
            beside = self._parsed and token.dep_ in _NAMES_ITS_HEAD and token.head.i == root.i
            if beside or (self._entities[found].type == "PERSON" and self._follows_title(token, found)):
                return found
        return None

    def _follows_title(self, token: Token, identifier: str) -> bool:
        """Whether a name comes after its title, and owns nothing: not "an aide to X", "X's aide", "the X campaign"."""
        before = self._doc[token.i - 1] if token.i else None
        end = token.i + 1
        while end < len(self._doc) and self._at(self._doc[end]) == identifier:
            end += 1
        after = self._doc[end] if end < len(self._doc) else None
        owns = after is not None and (after.tag_ == "POS" or after.pos_ == "NOUN")
        return not owns and (before is None or before.pos_ not in {"ADP", "CCONJ"})

    def _antecedent(self, source: Extent) -> str | None:
        """Whom an unlinked "he" or "she" means: who spoke last nearby, or the only person named there."""
        number = self._layout.paragraph[source.start]
        if self._last and 0 <= number - self._last[0] <= 1:
            return self._last[1]
        first = self._layout.paragraphs[max(number - 1, 0)][0]
        begin = bisect_left(self._starts, self._doc[first].idx)
        end = bisect_left(self._starts, self._doc[source.start].idx)
        persons = {
            identifier
            for _, _, identifier in self._mentions[max(begin, end - 50) : end]
            if self._entities[identifier].type == "PERSON"
        }
        return persons.pop() if len(persons) == 1 else None
