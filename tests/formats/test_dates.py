from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pipeline.formats.dates import moment

EIGHT = datetime(2026, 10, 14, 8, 6, 25, tzinfo=UTC)


@pytest.mark.parametrize(
    "said",
    [
        "20261014T080625Z", "20261014T080625+0000", "20261014T090625+0100", "2026-10-14T10:06:25+02:00",
        "2026-10-14T10:06:25+0200", "2026-10-14T08:06:25.000Z", " 20261014080625Z ", "20261014040625-0400",
    ],
)  # fmt: skip
def test_moments_in_utc(said: str) -> None:
    warnings: list[str] = []
    assert moment(said, "date", warnings) == EIGHT
    assert not warnings


@pytest.mark.parametrize("said", ["20261014T080625", "2026-10-14 08:06:25", "2026-10-14T08:06:25"])
def test_without_a_zone_utc_is_assumed_and_said(said: str) -> None:
    warnings: list[str] = []
    assert moment(said, "date", warnings) == EIGHT
    assert said in warnings[0]


@pytest.mark.parametrize("said", ["YYYYMMDD000000-HHMM", "soon", "20261314T080625Z", "0001-01-01T00:00:00+14:00"])
def test_what_is_no_date_is_kept_in_the_warning(said: str) -> None:
    warnings: list[str] = []
    assert moment(said, "expires", warnings) is None
    assert warnings == [f"expires is no date: {said!r}"]


@pytest.mark.parametrize("said", [None, "", "  \n"])
def test_nothing_is_no_date_and_no_warning(said: str | None) -> None:
    warnings: list[str] = []
    assert moment(said, "date", warnings) is None
    assert not warnings
