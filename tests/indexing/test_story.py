"""The fold over a story's versions: whatever the order and the repetitions, the same state, and no killed text."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import orjson
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from pipeline.indexing import IndexOperation
from pipeline.indexing.fingerprint import Fingerprint
from pipeline.indexing.registry import Entries, Entry, _entered, home
from pipeline.indexing.story import AS_SENT, Standing, Version, standing, standings, union

URIS = ("urn:a", "urn:b", "urn:c")


def one(uri: str, version: int, sent: int, **said: Any) -> Version:
    return Version(uri=uri, version=version, sent=sent, **({"text": f"{uri} {version}", "revision": "1"} | said))


VERSIONS = st.builds(
    lambda uri, version, sent, kind, status, number, take: one(
        uri, version, sent, kind=kind, status="canceled" if kind == "kill" else status, number=number, take=take
    ),
    st.sampled_from(URIS),
    st.integers(0, 4),
    st.integers(0, 5),
    st.sampled_from([None, "update", "correction", "kill", "hold", "release"]),
    st.sampled_from(["usable", "withheld"]),
    st.sampled_from([None, 1, 2]),
    st.sampled_from([None, 2]),
)
STORIES = st.lists(VERSIONS, min_size=1, max_size=8, unique_by=lambda version: (version.uri, version.version))


@given(STORIES, st.randoms(use_true_random=False))
def test_order_grouping_and_repetition_do_not_count(versions: list[Version], chance: random.Random) -> None:
    arriving = [*versions, *chance.choices(versions, k=3)]
    chance.shuffle(arriving)
    known: tuple[Version, ...] = ()
    while arriving:
        count = chance.randint(1, len(arriving))
        known, arriving = union(known, arriving[:count]), arriving[count:]
    assert known == union((), versions)
    assert standings(known) == standings(versions)


@given(VERSIONS)
def test_what_the_registry_keeps_of_a_version_is_read_as_it_was(version: Version) -> None:
    """Zeroes too: of 1,000 articles that tell neither version nor date, one has the version 0."""
    assert Version.from_fields(orjson.loads(orjson.dumps(version.fields()))) == version


@given(STORIES)
def test_what_is_killed_has_no_text_left(versions: list[Version]) -> None:
    for kept in union((), versions):
        assert (standing(kept, versions).state != "canceled") or (kept.text is None and kept.headline is None)


@given(STORIES, VERSIONS)
def test_an_older_version_never_brings_back_what_is_killed(versions: list[Version], late: Version) -> None:
    before = standings(versions)
    newest = {uri: max(v.version for v in versions if v.uri == uri) for uri in before}
    if late.uri in newest and late.version < newest[late.uri]:
        after = standings([*versions, late])
        assert all(after[uri].state == "canceled" for uri, now in before.items() if now.state == "canceled")


def test_a_kill_ends_every_uri_of_the_story_that_was_sent_before_it_and_none_after() -> None:
    story = [one("urn:a", 1, 10), one("urn:b", 1, 20, kind="update"), one("urn:c", 1, 30, kind="update")]
    kill = one("urn:kill", 1, 20, kind="kill", status="canceled")
    now = standings([*story, kill])
    assert {uri: now[uri].state for uri in ("urn:a", "urn:b", "urn:c")} == {
        "urn:a": "canceled",
        "urn:b": "canceled",
        "urn:c": "as-sent",
    }


def test_a_higher_version_after_the_kill_is_a_new_issue() -> None:
    killed = [one("urn:a", 1, 10), one("urn:a", 2, 20, kind="kill", status="canceled")]
    assert standings(killed)["urn:a"].state == "canceled"
    assert standings([*killed, one("urn:a", 3, 30)])["urn:a"] == AS_SENT


def test_a_kill_without_a_revision_reaches_the_revisions_before_it() -> None:
    revised = one("urn:a", 1 << 50, 10, revision="2")
    kill = one("urn:a", 20, 20, kind="kill", status="canceled", revision=None)
    assert standings([revised, kill])["urn:a"].state == "canceled"


def test_a_hold_lasts_until_its_release() -> None:
    story, hold = one("urn:a", 1, 10), one("urn:hold", 1, 20, kind="hold", status="withheld", order=True)
    release = one("urn:release", 1, 30, kind="release")
    assert standings([story, hold])["urn:a"].state == "withheld"
    now = standings([story, hold, release])
    assert [now[uri].state for uri in ("urn:a", "urn:hold", "urn:release")] == ["released", "withheld", "withheld"]
    again = one("urn:hold2", 1, 40, kind="hold", status="withheld")
    assert standings([story, hold, release, again])["urn:a"].state == "withheld"


def test_of_leads_the_last_that_may_be_read_is_read() -> None:
    first, second = one("urn:a", 1, 10), one("urn:b", 1, 20, kind="update", number=1)
    third = one("urn:c", 1, 30, kind="update", number=2)
    now = standings([first, second, third])
    assert [now[uri].superseded_by for uri in URIS] == ["urn:c", "urn:c", None]
    embargoed = replace(third, embargoed=True)
    assert [standings([first, second, embargoed])[uri].superseded_by for uri in URIS] == ["urn:b", None, None]
    take = replace(third, take=2)
    assert [standings([first, second, take])[uri].superseded_by for uri in URIS] == ["urn:b", None, None]
    apart = replace(second, kind=None)
    assert standings([first, apart]) == {"urn:a": AS_SENT, "urn:b": AS_SENT}


def op(version: Version, story: str = "", names: tuple[str, ...] = ()) -> IndexOperation:
    return IndexOperation(
        uri=version.uri,
        month="2026.03",
        version=version.version,
        document=b"{}",
        stances=(),
        overwrite_equal=False,
        disposition="indexed",
        told=version,
        fingerprint=Fingerprint(created=0, received=0),
        story=story or version.uri,
        names=names,
    )


NAME = "name:kns|157|2026-03-30"
MESSAGES = [
    op(one("urn:a", 1, 10), names=(NAME,)),
    op(one("urn:a", 2, 20, kind="correction"), names=(NAME,)),
    op(one("urn:b", 1, 15, kind="update"), story="urn:a"),
    op(one("urn:c", 1, 18, kind="update"), story="urn:b"),
    op(one("urn:kill", 1, 25, kind="kill", status="canceled", order=True), names=(NAME,)),
    op(one("urn:other", 1, 5), story="urn:c"),
    op(one("urn:a", 3, 22, kind="correction"), story="urn:root", names=(NAME,)),
]
"""A story whose parts each know the one before, and an order that knows a number of the first."""


class RegistryMachine(RuleBasedStateMachine):
    """Writers that read the registry, may be overtaken, and write what nobody changed in between."""

    def __init__(self) -> None:
        super().__init__()
        self.kept: Entries = {}
        self.number = 0
        self.under_way: dict[int, tuple[IndexOperation, Entries]] = {}
        self.entered: set[int] = set()

    @rule(message=st.integers(0, len(MESSAGES) - 1))
    def read(self, message: int) -> None:
        operation = MESSAGES[message]
        self.under_way[message] = operation, self._of(operation)

    @rule(message=st.integers(0, len(MESSAGES) - 1), chance=st.randoms(use_true_random=False))
    def write(self, message: int, chance: random.Random) -> None:
        if message in self.under_way:
            operation, before = self.under_way.pop(message)
            if not self._write(operation, before, chance):
                self.under_way[message] = operation, self._of(operation)

    @invariant()
    def all_that_is_entered_is_found(self) -> None:
        for message in self.entered:
            operation = MESSAGES[message]
            story = self.kept[home(self.kept, operation.uri)]
            assert (operation.uri, operation.version) in {(v.uri, v.version) for v in story.versions}

    def teardown(self) -> None:
        for message, operation in enumerate(MESSAGES):
            while message not in self.entered:
                self._write(operation, self._of(operation), random.Random(1))
        # Whatever happened before, everything is killed that was sent before the kill.
        for uri in ("urn:a", "urn:b", "urn:c", "urn:other"):
            versions = self.kept[home(self.kept, uri)].versions
            assert standings(versions)[uri] == Standing("canceled"), uri
            assert all(v.text is None for v in versions)

    def _write(self, operation: IndexOperation, before: Entries, chance: random.Random) -> bool:
        """Write what is wanted, in any order, where nobody wrote in between; whether the operation is entered."""
        after, complete = _entered([operation], before)
        names = [name for name, entry in after.items() if entry != before.get(name)]
        chance.shuffle(names)
        for name in names:
            if dict(self.kept.get(name, Entry()).guard) != dict(before.get(name, Entry()).guard):
                complete = False
                continue
            self.number += 1
            self.kept[name] = replace(after[name], guard={"if_seq_no": self.number})
        if complete:
            self.entered.add(MESSAGES.index(operation))
        return complete

    def _of(self, operation: IndexOperation) -> Entries:
        found: Entries = {}
        wanted = {operation.uri, operation.story, *operation.names}
        while wanted:
            found |= {name: self.kept.get(name, Entry()) for name in wanted}
            pointed = {n for name in wanted for n in (found[name].story, *found[name].stories) if n}
            wanted = pointed - found.keys()
        return found


TestRegistryMachine = RegistryMachine.TestCase
