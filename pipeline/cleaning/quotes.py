"""Quote marks: paired and spaced where that is unambiguous, left and counted where it is not (25)."""

from __future__ import annotations

import re
from array import array
from dataclasses import dataclass
from itertools import zip_longest

from pipeline.article import Translation
from pipeline.cleaning.draft import Draft, Passage

_MARKS = '“”„«»"‟″'
_MARK = re.compile(f"[{_MARKS}]")
_NOT_SPACE = re.compile(r"\S")
_PUNCTUATION = ".,;:!?…)]"
_BEFORE_WORD = "([—–-/"
_MOST_MARKS = 200
"""Marks of one paragraph beyond which it is no speech but a damaged text."""


@dataclass(slots=True)
class _Mark:
    """One quote mark: where it stands and what its spacing says it does."""

    at: int
    char: str
    left_space: bool
    right_space: bool
    before_punctuation: bool

    @property
    def surely_closes(self) -> bool:
        """Punctuation or the end follows: nothing but a closing mark is spaced like that."""
        return self.before_punctuation

    @property
    def surely_opens(self) -> bool:
        """Space before and a word after."""
        return self.left_space and not self.right_space and not self.before_punctuation

    @property
    def stuck(self) -> bool:
        """A word before and space after."""
        return not self.left_space and self.right_space


def pair(draft: Draft) -> None:
    """Pair the quote marks of each paragraph and give pairs one shape and one spacing.

    A mark without its partner is left as it stands and counted in
    ``wire.translation.unbalancedQuotes``; a quote that goes on in the next paragraph, which opens
    again, is no such mark.
    """
    unbalanced = 0
    for passage, after in zip_longest(draft.passages, draft.passages[1:]):
        if passage.kind == "table" or not _MARK.search(passage.text):
            continue
        marks = _marks(passage.text)
        if len(marks) > _MOST_MARKS:
            unbalanced += len(marks)
            continue
        pairs, lonely = _pairs(marks)
        runs_on = bool(after and _MARK.match(after.text) and lonely and lonely[0].at == 0)
        unbalanced += len(lonely) - runs_on
        _respace(passage, pairs, [mark for mark in lonely if mark.surely_closes])
    if unbalanced:
        known: Translation = draft.wire.get("translation") or draft.article.wire.translation or Translation()
        draft.wire["translation"] = known.model_copy(update={"unbalanced_quotes": unbalanced})
    _headline(draft)


def _marks(text: str) -> list[_Mark]:
    found = []
    for match in _MARK.finditer(text):
        at = match.start()
        if match.group() in '"″' and at and text[at - 1].isdigit() and (at + 1 == len(text) or text[at + 1] in " ,.;)"):
            continue  # inches, seconds of arc
        after = text[at + 1 : at + 3].lstrip()[:1]
        found.append(
            _Mark(
                at,
                match.group(),
                left_space=at == 0 or text[at - 1].isspace() or text[at - 1] in _BEFORE_WORD,
                right_space=at + 1 == len(text) or text[at + 1].isspace(),
                before_punctuation=(at > 0 and (after in _PUNCTUATION or not after)),
            )
        )
    return found


Pairs = list[tuple[_Mark, _Mark]]


def _pairs(marks: list[_Mark]) -> tuple[Pairs, list[_Mark]]:
    """The pairs that are beyond doubt, and the marks that are left over.

    A mark stuck to the word before it closes, by its spacing; where nothing is open it may still be
    a misplaced opening. It is taken for one only if that leaves fewer marks over.
    """
    strict, lenient = (_paired(marks, stuck_may_open=may) for may in (False, True))
    return lenient if len(lenient[1]) < len(strict[1]) else strict


def _paired(marks: list[_Mark], *, stuck_may_open: bool) -> tuple[Pairs, list[_Mark]]:
    pairs: Pairs = []
    lonely: list[_Mark] = []
    opened: _Mark | None = None
    for number, mark in enumerate(marks):
        if opened is None:
            if mark.surely_closes or (mark.stuck and not stuck_may_open):
                lonely.append(mark)
            else:
                opened = mark
        elif mark.surely_opens:
            # Two openings in a row: from here on it is anybody's guess.
            return pairs, [*lonely, opened, *marks[number:]]
        else:
            pairs.append((opened, mark))
            opened = None
    return pairs, [*lonely, *([opened] if opened else [])]


def _respace(passage: Passage, pairs: list[tuple[_Mark, _Mark]], closing: list[_Mark]) -> None:
    """Write each pair as “text”, without space inside and with space outside, and close up lone closing marks."""
    text = passage.text
    opens = {first.at: '"' if first.char == second.char == '"' else "“" for first, second in pairs}
    closes = {second.at: '"' if first.char == second.char == '"' else "”" for first, second in pairs}
    closes |= {mark.at: "”" if mark.char != '"' else '"' for mark in closing}
    pieces: list[str] = []
    origins: array[int] = array("L")
    position = 0
    for at in sorted(opens | closes):
        start, end, new = _around(text, at, position, opens.get(at), closes.get(at))
        pieces += [text[position:start], new]
        origins += passage.origins[position:start]
        origins += passage.origins[at : at + 1] * len(new)
        position = end
    passage.text = "".join([*pieces, text[position:]])
    passage.origins = origins + passage.origins[position:]


def _around(text: str, at: int, least: int, opens: str | None, closes: str | None) -> tuple[int, int, str]:
    """What to write for a mark and the space around it: from where, to where, and the new text."""
    start, end = at, at + 1
    if opens:
        while end < len(text) and text[end].isspace():
            end += 1
        apart = at > least and not text[at - 1].isspace() and text[at - 1] not in _BEFORE_WORD + _MARKS
        return start, end, (" " if apart else "") + opens
    while start > least and text[start - 1].isspace():
        start -= 1
    following = text[end : end + 1]
    apart = bool(following) and following.isalnum()
    if following.isspace() and (beyond := _NOT_SPACE.search(text, end)) and beyond.group() in _PUNCTUATION:
        end = beyond.start()
    return start, end, (closes or "") + (" " if apart else "")


def _headline(draft: Draft) -> None:
    """The headline's quote marks, by the same rules."""
    headlines = draft.fields.get("headlines", draft.article.headlines)
    mended = []
    for headline in headlines:
        passage = Passage(headline.value, array("L", range(len(headline.value))))
        pairs, lonely = _pairs(_marks(headline.value)[:_MOST_MARKS])
        _respace(passage, pairs, [mark for mark in lonely if mark.surely_closes])
        mended.append(headline.model_copy(update={"value": passage.text}))
    if mended:
        draft.fields["headlines"] = mended
