"""A document's words as plain columns: fast to walk, and whole where the pipeline left annotation out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from spacy import attrs
from spacy.tokens import Doc

from pipeline.enrichment.reading import READ, blocks_of, words_in_residue

_OPENING = frozenset("“«„")
_CLOSING = frozenset("”»")
_STRAIGHT = frozenset({'"', "''", "``"})
_FINITE = frozenset({"VBD", "VBZ", "MD"})
_PAST_OR_PRESENT = frozenset({"VBD", "VBZ"})
_BEFORE_VERB = frozenset({",", "”", '"', "“", "»", "''"})
_ATTRIBUTES = [attrs.TAG, attrs.DEP, attrs.HEAD, attrs.SENT_START, attrs.LEMMA, attrs.ORTH]


@dataclass(frozen=True, slots=True)
class Words:
    """Columns over the words of a document; empty strings where the pipeline annotated nothing.

    ``head`` is the index of the governing word (its own where there is none); ``sentence`` and ``block`` number the
    sentences and blocks; ``block`` is -1 outside of paragraphs and lists and in residue, where nothing is linked;
    ``quoted`` tells words inside quote marks; ``ent`` the number of the entity span a word is in, or -1; ``parsed``
    whether the pipeline annotated dependencies.
    """

    text: Sequence[str]
    lower: Sequence[str]
    lemma: Sequence[str]
    tag: Sequence[str]
    dep: Sequence[str]
    head: Sequence[int]
    sentence: Sequence[int]
    block: Sequence[int]
    quoted: Sequence[bool]
    ent: Sequence[int]
    sentence_starts: Sequence[int]
    parsed: bool

    def __len__(self) -> int:
        return len(self.text)

    def span(self, sentence: int) -> range:
        """The words of a sentence."""
        starts = self.sentence_starts
        end = starts[sentence + 1] if sentence + 1 < len(starts) else len(self.text)
        return range(starts[sentence], end)

    def verb_of(self, start: int, end: int, head: int) -> int:
        """The verb a name or phrase is subject of, or -1.

        Subjects the parse takes for something else are seen by what stands beside them: "..., Macron said", "..., said
        Macron".
        """
        if self.dep[head].startswith("nsubj"):
            return self.head[head]
        if end < len(self) and self.tag[end] in _FINITE and self.block[end] == self.block[start]:
            return end
        if start > 1 and self.tag[start - 1] in _PAST_OR_PRESENT and self.text[start - 2] in _BEFORE_VERB:
            return start - 1
        return -1

    def ancestors(self, word: int, limit: int = 12) -> Iterator[int]:
        """The governing words of a word, nearest first, at most ``limit``."""
        for _ in range(limit):
            above = self.head[word]
            if above == word:
                return
            word = above
            yield word


def words_of(doc: Doc) -> Words:
    """The columns of a document."""
    strings = doc.vocab.strings
    rows = doc.to_array(_ATTRIBUTES).tolist() if len(doc) else []
    names: dict[int, str] = {0: ""}
    for row in rows:
        for key in (row[0], row[1], *row[4:]):
            if key not in names:
                names[key] = strings[key]
    text = [names[row[5]] for row in rows]
    lower = [word.lower() for word in text]
    head = [_above(number, row[2], len(rows)) for number, row in enumerate(rows)]
    block = _blocks(doc)
    starts = _sentence_starts(rows, block)
    ent = [-1] * len(rows)
    for number, span in enumerate(doc.ents):
        ent[span.start : span.end] = [number] * (span.end - span.start)
    return Words(
        text=text,
        lower=lower,
        lemma=[names[row[4]].lower() or word for row, word in zip(rows, lower, strict=True)],
        tag=[names[row[0]] for row in rows],
        dep=[names[row[1]] for row in rows],
        head=head,
        sentence=_numbered(starts, len(rows)),
        block=block,
        quoted=_quoted(text, block),
        ent=ent,
        sentence_starts=starts,
        parsed=any(row[1] for row in rows),
    )


def _numbered(starts: Sequence[int], length: int) -> list[int]:
    numbers: list[int] = []
    for number, end in enumerate([*starts[1:], length]):
        numbers += [number] * (end - len(numbers))
    return numbers


def _above(number: int, offset: int, length: int) -> int:
    # Offsets come as unsigned 64-bit numbers.
    above = number + (offset - 2**64 if offset >= 2**63 else offset)
    return above if 0 <= above < length else number


def _blocks(doc: Doc) -> list[int]:
    block = [-1] * len(doc)
    for number, span in enumerate(blocks_of(doc, READ)):
        block[span.start : span.end] = [number] * (span.end - span.start)
    for word in words_in_residue(doc):
        block[word] = -1
    return block


def _sentence_starts(rows: Sequence[Sequence[int]], block: Sequence[int]) -> list[int]:
    # Subheads and the space between paragraphs count to the sentence before them: distances are those of what is read.
    # So does residue, which may stand in the middle of a sentence.
    starts: list[int] = []
    last = -1
    for number, row in enumerate(rows):
        if block[number] >= 0 and (row[3] == 1 or block[number] != last):
            starts.append(number)
        if block[number] >= 0:
            last = block[number]
    return starts if starts[:1] == [0] else [0, *starts]


def _quoted(text: Sequence[str], block: Sequence[int]) -> list[bool]:
    quoted: list[bool] = []
    inside, opened, start = False, False, 0
    for number, word in enumerate(text):
        if number and block[number] != block[number - 1]:
            inside, opened, start = False, False, number
        if word in _CLOSING and not opened:
            # A quote that only closes began with its paragraph.
            quoted[start:number] = [True] * (number - start)
        if word in _STRAIGHT:
            inside = not inside
        elif word in _OPENING:
            inside = True
        elif word in _CLOSING:
            inside = False
        opened = opened or inside or word in _CLOSING
        quoted.append(inside)
    return quoted
