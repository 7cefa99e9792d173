"""The dates that formats state: ISO 8601 in its extended, basic and mixed forms."""

from __future__ import annotations

import re
from datetime import UTC, datetime

_BASIC_WITHOUT_T = re.compile(r"(\d{8})(\d{6})(?=$|[Z+-])")
"""NITF's other form: `20030630000000-0500`."""


def moment(said: str | None, name: str, warnings: list[str]) -> datetime | None:
    """A stated date as a moment in UTC.

    Args:
        said: the date as written.
        name: what it is called where it stands, for the warnings.
        warnings: gets the raw text of what is no date, or has no time zone and is taken as UTC.
    """
    if not said or not said.strip():
        return None
    try:
        found = datetime.fromisoformat(_BASIC_WITHOUT_T.sub(r"\1T\2", said.strip()))
        if found.tzinfo is None:
            warnings.append(f"{name} has no time zone, taken as UTC: {said!r}")
            return found.replace(tzinfo=UTC)
        return found.astimezone(UTC)
    except (ValueError, OverflowError):
        warnings.append(f"{name} is no date: {said!r}")
        return None
