"""What a version does to its story, by the codes in which formats and agencies say it."""

from __future__ import annotations

import re

from pipeline.article import Change, ChangeKind, PubStatus
from pipeline.formats.qcodes import code

STATUS: dict[str, PubStatus] = {
    "usable": "usable",
    "withheld": "withheld",
    "embargoed": "withheld",
    "canceled": "canceled",
    "cancelled": "canceled",
}

_KINDS: dict[str, ChangeKind] = {
    "update": "update", "updated": "update", "replace": "update", "writethru": "update", "addition": "update",
    "correction": "correction", "corrected": "correction", "corrective": "correction", "rectification": "correction",
    "refile": "refile", "repeat": "repeat", "resend": "repeat", "kill": "kill", "withdrawal": "kill",
    "withdraw": "kill", "delete": "kill", "hold": "hold",
}  # fmt: skip
"""Words of agencies' vocabularies."""

_EDITORIAL_STATES: dict[str, ChangeKind] = {"n": "new", "u": "update", "c": "correction", "k": "kill"}
"""Reuters' scheme ``edStat``."""

COUNTED = ("version ", "PreviousRevision ")
"""How the evidence of a change begins that only a higher version tells of."""

_LEAD = re.compile(
    r"\((?:[A-Z]+,? )*UPDATE (?P<update>\d{1,2})\b|"  # SKARLAND-TRAWLER/ (UPDATE 2)
    r"\b(?P<lead>\d{1,2})(?:st|nd|rd|th) (?:Ld|Lead)\b"  # BC-Skarland-Trawler, 1st Ld-Writethru
)


_EMBARGO = re.compile(r"embargo|sperrfrist", re.IGNORECASE)


def status(said: str | None, warnings: list[str]) -> PubStatus:
    """The publication status a code stands for; an unknown one withholds the item."""
    if not said:
        return "usable"
    known = STATUS.get(code(said).lower())
    if not known:
        warnings.append(f"the status {said!r} is unknown, so the item is withheld")
    return known or "withheld"


def change_kind(said: str | None) -> ChangeKind | None:
    """What a code or a name says a version does to its story, if it says that."""
    if not said:
        return None
    scheme, _, value = said.lower().rpartition(":")
    if scheme == "edstat":
        return _EDITORIAL_STATES.get(value)
    return next((_KINDS[word] for word in re.split(r"[^a-z]+", value) if word in _KINDS), None)


def explained(change: Change | None, slugline: str | None, notes: list[str]) -> Change | None:
    """A change with the number that a slugline counts and the reason editors give; a count alone is an update.

    Notes to editors are of many things: where nothing but a higher version tells of the change, they give no reason.
    """
    lead = _LEAD.search(slugline or "")
    if lead and not change:
        change = Change(kind="update", evidence=slugline)
    if not change or change.kind in {"new", "hold", "release"}:
        return change
    if not lead and (change.evidence or "").startswith(COUNTED):
        notes = []
    number = int(lead["update"] or lead["lead"]) if lead and change.kind == "update" else change.number
    reason = change.reason or next((note for note in notes if not _EMBARGO.search(note)), None)
    return change.model_copy(update={"number": number, "reason": reason})
