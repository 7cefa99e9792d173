"""Stories sent in parts, called takes: which part this is."""

from __future__ import annotations

import re

from pipeline.cleaning.changes import write_headline
from pipeline.cleaning.draft import HEAD, Draft

_AFTER_HEADLINE = re.compile(
    r"(?<=\S)\s*(?:=\s?(\d{1,2})|-(\d)-|[(,]\s?(?:[Tt]ake|TAKE) (\d{1,2})(?: (?:of|OF) \d{1,2})?\)?|"
    r", (\d)(?:st|nd|rd|th) Take)$"
)
_LINE = re.compile(
    r"\W{0,3}(?:(?:take|page|teil|part|suite) (?P<take>\d{1,2})(?:(?: of | von |/| sur )\d{1,2})?|"
    r"=\s?(?P<sign>\d{1,2})|-(?P<page>\d)-|(?P<nth>\d)(?:st|nd|rd|th) take)\W{0,3}",
    re.IGNORECASE,
)
_ADDITION = re.compile(
    r"\W{0,3}(?:(?:ADD|Add) (?P<add>\d)|(?P<nth>\d)(?:st|nd|rd|th) (?:ADD|Add|add))"
    r"(?: (?:TO|to)\b[\s:]*(?P<story>[^\W\d_a-zß-öø-ÿ].{0,100}?))?\W{0,3}"
)
"""What it adds to begins like a name: `Add 2 to the pan` is a recipe."""

_ADDITION_MOST = 120
_LINE_MOST = 24


def take_number(draft: Draft) -> None:
    """`=2` after a headline, `TAKE 2 OF 3`, `ADD 1 to ...` on a line of its own: a part of one story (17)."""
    headline = draft.headline
    found = _AFTER_HEADLINE.search(headline, max(0, len(headline) - _LINE_MOST)) if headline else None
    if headline and found:
        take(draft, int(next(filter(None, found.groups()))))
        write_headline(draft, headline[: found.start()])
    elif headline and (addition := _ADDITION.match(headline)) and addition["story"]:
        _add(draft, addition)
        write_headline(draft, headline[addition.start("story") :])
    for passage in draft.passages[:HEAD]:
        line = _LINE.fullmatch(passage.text) if len(passage.text) < _LINE_MOST else None
        addition = _ADDITION.fullmatch(passage.text) if len(passage.text) < _ADDITION_MOST else None
        if not (line or addition) or len(draft.passages) == 1:
            continue
        if line:
            take(draft, int(next(filter(None, line.groups()))))
        elif addition:
            _add(draft, addition)
        draft.remove(passage, "take")
        return


def _add(draft: Draft, addition: re.Match[str]) -> None:
    take(draft, int(addition["add"] or addition["nth"]) + 1)


def take(draft: Draft, number: int) -> None:
    """Note that this is the part with this number of a story sent in parts; the first addition is the second part."""
    draft.wire.update(take=number, partial=True)
