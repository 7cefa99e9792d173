"""The class of an error decides what happens to the item, also across process borders."""

from __future__ import annotations

import pickle

import pytest

from pipeline.errors import Fatal, Misconfigured, Poison, ServiceUnreachable, Transient, WireError

ERRORS = [
    Poison("the item is empty", "feed it again", cause="empty"),
    Poison("the item is empty", cause="empty"),
    Transient("the broker restarts"),
    Fatal("the disk is full", "make room"),
    Misconfigured("no setting is called x", "see the docs"),
    ServiceUnreachable("Kafka does not answer", "start it"),
]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_an_error_survives_pickling_whole(error: WireError) -> None:
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert type(again) is type(error)
    assert str(again) == str(error)
    assert vars(again) == vars(error)


def test_the_message_is_what_happened_then_what_to_do() -> None:
    assert str(Fatal("the disk is full", "make room")) == "the disk is full; make room"
    assert str(Fatal("the disk is full")) == "the disk is full"


def test_what_passes_what_stays_and_what_ends_the_process_are_told_apart() -> None:
    kinds = (Poison, Transient, Fatal)
    assert all(issubclass(kind, WireError) for kind in kinds)
    assert not any(issubclass(a, b) for a in kinds for b in kinds if a is not b)
    assert issubclass(Misconfigured, Fatal)
    assert issubclass(ServiceUnreachable, Fatal)
    assert not issubclass(ServiceUnreachable, Misconfigured)
