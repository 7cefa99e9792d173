from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from pipeline.moments import time_sent, without_days, written_day, written_time
from pipeline.months import month_number

NEAR = date(2026, 11, 2)


@pytest.mark.parametrize(
    ("name", "number"),
    [("Jan.", 1), ("Jänner", 1), ("fév", 2), ("MÄRZ", 3), ("ene", 1), ("août", 8), ("Okt", 10), ("ledna", 1),
     ("listopada", 11), ("dez", 12), ("Arvila", None), ("", None)],
)  # fmt: skip
def test_months_in_many_languages(name: str, number: int | None) -> None:
    assert month_number(name) == number


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("211634 GMT Nov 26", "2026-11-21 16:34"),
        ("AGL 211634 GMT NOV 26", "2026-11-21 16:34"),
        ("211634 Nov 26", "2026-11-21 16:34"),
        ("211734 MEZ Nov 2026", "2026-11-21 16:34"),
        ("HP-NY-11-21-26 1134EST", "2026-11-21 16:34"),
        ("JST-01:34-22-11-26", "2026-11-21 16:34"),
        ("APA0412    2026-11-21/16:34", "2026-11-21 16:34"),
        ("991634 GMT Nov 26", None),
        ("call 211634 now", None),
    ],
)
def test_when_a_message_was_sent(text: str, moment: str | None) -> None:
    sent = time_sent(text)
    assert (sent.strftime("%Y-%m-%d %H:%M") if sent else None) == moment


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("5 November 2026 06:00 UTC", "2026-11-05 06:00"),
        ("Donnerstag, 26. November, 18.00 Uhr", "2026-11-26 17:00"),
        ("0001 GMT Wednesday November 5", "2026-11-05 00:01"),
        ("jusqu'au 5 novembre 2026 à 06h00 GMT", "2026-11-05 06:00"),
        ("6 a.m. EST on Dec. 3", "2026-12-03 11:00"),
        ("Nov. 5, 2026, at 10:00 a.m. ET", "2026-11-05 15:00"),
        ("hasta las 18:00 GMT del 5 de noviembre de 2026", "2026-11-05 18:00"),
        ("noon GMT Jan 5", "2027-01-05 12:00"),
        ("2026-11-05T18:00", "2026-11-05 18:00"),
        ("31 February 2026 18:00", None),
        ("the gavel falls", None),
    ],
)
def test_days_and_times_of_day(text: str, moment: str | None) -> None:
    day = written_day(text, NEAR)
    found = written_time(without_days(text), day) if day else None
    assert (found.strftime("%Y-%m-%d %H:%M") if found else None) == moment
    assert found is None or found.tzinfo is UTC


def test_a_day_without_year_is_the_nearest() -> None:
    assert written_day("3 January", date(2026, 12, 30)) == date(2027, 1, 3)
    assert written_day("30 December", datetime(2027, 1, 3, tzinfo=UTC).date()) == date(2026, 12, 30)
