"""Quote marks: which open, which close, and what stands between, however badly they are set.

Wire copy mixes curly, straight and angled marks; machine translation turns them round, puts spaces inside and
loses one of a pair. So neither the shape of a mark nor the space around it decides alone: each reading of a
paragraph's marks as opening and closing has a cost, and the cheapest reading holds (Viterbi over two states,
inside and outside a quotation).
"""

from __future__ import annotations

from dataclasses import dataclass

from spacy.tokens import Doc

from pipeline.enrichment.quotes.layout import Layout

DOUBLE_OPENING = frozenset({"“", "„", "‟", "«", "``", "‹"})
DOUBLE_CLOSING = frozenset({"”", "»", "''", "›"})
DOUBLE = DOUBLE_OPENING | DOUBLE_CLOSING | {'"', "＂"}
SINGLE = frozenset({"‘", "’", "'", "‚"})
_STOPPING = frozenset(",.;:!?…)]")
_SENTENCE_END = frozenset(".!?")

# Costs of a reading. What matters is their order: a lost mark is rarer than a turned or badly spaced one.
_TURNED = 0.5
_MISSPACED = 1.0
_LOOSE = 0.5
_LOWER_CASE = 1.5
_BEFORE_STOP = 4.0
_LONE_CLOSING = 2.0
_REOPENED = 3.0
_NEVER_CLOSED = 0.5


@dataclass(frozen=True)
class Quoted:
    """Words between quote marks: ``start`` and ``end`` (exclusive) are words and take in the marks there are.

    ``opened`` and ``closed`` say whether the marks are there; a lost one is put at the edge of the sentence, or of
    the paragraph where the quotation goes on in the next.
    """

    start: int
    end: int
    opened: bool
    closed: bool

    @property
    def inner(self) -> tuple[int, int]:
        """First word and end without the marks."""
        return self.start + self.opened, self.end - self.closed


def quoted(doc: Doc, layout: Layout) -> list[Quoted]:
    """The quotations of an article's paragraphs in the order of the text, not overlapping."""
    found: list[Quoted] = []
    marks_of: dict[int, list[int]] = {}
    texts = [token.text for token in doc]
    for place, text in enumerate(texts):
        if text in DOUBLE and layout.paragraph[place] >= 0:
            marks_of.setdefault(layout.paragraph[place], []).append(place)
    opening_paragraphs = {number for number, marks in marks_of.items() if marks[0] == layout.paragraphs[number][0]}
    for number in sorted(marks_of):
        marks = marks_of[number]
        continued = number + 1 in opening_paragraphs
        found += _pair(doc, texts, marks, _read(doc, texts, marks), layout, continued)
    return found


def _read(doc: Doc, texts: list[str], marks: list[int]) -> list[bool]:
    """Whether each mark opens, in the cheapest reading."""
    costs = {False: 0.0, True: float("inf")}  # by whether we are inside
    back: list[dict[bool, bool]] = []
    for mark in marks:
        opening, closing, lone = _costs(doc, texts, mark)
        outside = costs[False] + lone, costs[True] + closing
        inside = costs[False] + opening, costs[True] + opening + _REOPENED
        back.append({False: outside[1] <= outside[0], True: inside[1] < inside[0]})
        costs = {False: min(outside), True: min(inside)}
    state = costs[True] + _NEVER_CLOSED < costs[False]
    opens = []
    for came_from in reversed(back):
        opens.append(state)
        state = came_from[state]
    return opens[::-1]


def _costs(doc: Doc, texts: list[str], mark: int) -> tuple[float, float, float]:
    """Cost of reading a mark as opening, as closing inside a quotation, as closing without an opening."""
    text = texts[mark]
    before = texts[mark - 1] if mark else ""
    after = texts[mark + 1] if mark + 1 < len(texts) else ""
    space_before = mark == 0 or before.isspace() or bool(doc[mark - 1].whitespace_) or before[-1] in "([—–-"
    space_after = not after or after.isspace() or bool(doc[mark].whitespace_)
    opening = closing = 0.0
    if text in DOUBLE_CLOSING:
        opening += _TURNED
    if text in DOUBLE_OPENING:
        closing += _TURNED
    stop_after = not after or after.isspace() or after[0] in _STOPPING
    stop_before = before[-1:] in _STOPPING
    if stop_after:
        opening += _BEFORE_STOP
    elif space_before:
        closing += _LOOSE if space_after else _MISSPACED
    elif space_after:
        opening += _MISSPACED
    if before[-1:] in _SENTENCE_END and after[:1].islower():
        opening += _LOWER_CASE
    if not before or before.isspace() or before[-1] in "(:":
        closing += _MISSPACED
    expected = stop_after or (stop_before and not space_before)
    lone = closing + _LONE_CLOSING + (0.0 if expected else _MISSPACED)
    return opening, closing, lone


def _pair(
    doc: Doc, texts: list[str], marks: list[int], opens: list[bool], layout: Layout, continued: bool
) -> list[Quoted]:
    found: list[Quoted] = []
    open_at: int | None = None
    for mark, opening in zip(marks, opens, strict=True):
        floor = found[-1].end if found else 0
        if opening:
            if open_at is not None:
                end = _unclosed_end(doc, texts, open_at, mark, layout)
                found.append(Quoted(open_at, end, opened=True, closed=False))
            open_at = mark
        elif open_at is not None:
            found.append(Quoted(open_at, mark + 1, opened=True, closed=True))
            open_at = None
        else:
            start = max(layout.sentences[layout.sentence[max(mark - 1, 0)]][0], floor)
            if start < mark:
                found.append(Quoted(start, mark + 1, opened=False, closed=True))
    if open_at is not None:
        end = layout.paragraphs[layout.paragraph[open_at]][1]
        if not continued:
            end = _unclosed_end(doc, texts, open_at, end, layout)
        found.append(Quoted(open_at, end, opened=True, closed=False))
    return found


def _unclosed_end(doc: Doc, texts: list[str], start: int, limit: int, layout: Layout) -> int:
    """End of the sentence the quotation begins in, without its full stop, or of its part before the reporter's verb."""
    inside = min(start + 1, limit - 1)
    end = min(layout.sentences[layout.sentence[inside]][1], limit)
    for place in range(start + 3, end):
        # "... its allies, receiving his counterpart": a participle after a comma, or a past tense after "and".
        if (texts[place - 1], doc[place].tag_) in {(",", "VBG"), ("and", "VBD")}:
            end = place - 1
            break
    while end > start + 1 and (texts[end - 1] in {".", ","} or texts[end - 1].isspace()):
        end -= 1
    return max(end, start + 1)
