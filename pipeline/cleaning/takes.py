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
    r"=\s?(?P<sign>\d{1,2})|-(?P<page>\d)-|(?P<nth>\d)(?:st|nd|rd|th) take|(?P<add>\d)(?:st|nd|rd|th) add)\W{0,3}",
    re.IGNORECASE,
)
_LINE_MOST = 24


def take_number(draft: Draft) -> None:
    """`=2` after a headline, `TAKE 2 OF 3` or `1st Add` on a line of its own: a part of one story (17)."""
    headline = draft.headline
    found = _AFTER_HEADLINE.search(headline, max(0, len(headline) - _LINE_MOST)) if headline else None
    if headline and found:
        take(draft, int(next(filter(None, found.groups()))))
        write_headline(draft, headline[: found.start()])
    for passage in draft.passages[:HEAD]:
        line = _LINE.fullmatch(passage.text) if len(passage.text) < _LINE_MOST else None
        if line and len(draft.passages) > 1:
            number = next(value for value in line.groupdict().values() if value)
            take(draft, int(number) + bool(line["add"]))
            draft.remove(passage, "take")
            return


def take(draft: Draft, number: int) -> None:
    """Note that this is the part with this number of a story sent in parts; the first addition is the second part."""
    draft.wire.update(take=number, partial=True)
