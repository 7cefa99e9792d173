"""Messages survive their way, and a terminal gets one line of each."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.alerting.alerts import checked_name
from pipeline.alerting.messages import AlertMessage
from pipeline.errors import Misconfigured, Poison

TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)
MOMENT = datetime(2026, 10, 3, 8, tzinfo=UTC)


FIELDS = st.fixed_dictionaries(
    {"id": TEXT, "alert": TEXT, "uri": TEXT, "why": st.lists(TEXT).map(tuple)}
    | {name: st.none() | TEXT for name in ("version", "headline", "provider", "copy_of")}
    | {name: st.just(MOMENT) for name in ("time", "received_at", "matched_at")}
)


@given(FIELDS.map(AlertMessage.model_validate))
def test_a_message_is_read_as_it_was_written(message: AlertMessage) -> None:
    assert AlertMessage.from_json(message.to_json()) == message


@pytest.mark.parametrize("data", [b"", b"[]", b"3", b"{", b'{"why": 3}', b"{}"])
def test_what_is_no_message_is_poison(data: bytes) -> None:
    with pytest.raises(Poison):
        AlertMessage.from_json(data)


@pytest.mark.parametrize("name", ["", "-x", "a b", "a|b", "a/b", "x" * 65, "a\n"])
def test_a_name_that_does_not_fit_on_a_line_or_in_a_command_is_refused(name: str) -> None:
    with pytest.raises(Misconfigured, match="can't be called"):
        checked_name(name)


@pytest.mark.parametrize("name", ["dam", "Überschwemmung", "kyiv-2.eilig_1", "x" * 64])
def test_other_names_are_taken(name: str) -> None:
    assert checked_name(name) == name
