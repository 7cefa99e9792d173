"""The drawing of who is for or against whom: everybody once, everything that was said, nothing on top of another."""

from __future__ import annotations

import math
import re
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from pipeline.desk.stance_graph import graph
from pipeline.searching.fields import LABELS
from pipeline.searching.stances import Evidence, Pair, Party

DAY = date(2026, 10, 1)
NAMES = st.sampled_from([f"party {letter}" for letter in "abcdefgh"])
COUNTS = st.tuples(*(st.integers(0, 40) for _ in LABELS)).filter(any)


def pair(holder: str, target: str, *counts: int) -> Pair:
    said: dict[str, int] = dict(zip(LABELS, counts, strict=True))
    return Pair(
        Party(holder, f"key:{holder}"),
        Party(target, f"key:{target}"),
        said,
        1,
        DAY,
        Evidence("", "favor", "urn:a", DAY),
    )


@given(several=st.dictionaries(st.tuples(NAMES, NAMES), COUNTS, min_size=1, max_size=30))
def test_every_party_is_drawn_once_and_every_label_of_every_pair(
    several: dict[tuple[str, str], tuple[int, ...]],
) -> None:
    drawn = graph([pair(holder, target, *counts) for (holder, target), counts in several.items()])
    assert sorted(node.name for node in drawn.nodes) == sorted({name for both in several for name in both})
    places = {(node.x, node.y) for node in drawn.nodes}
    assert len(places) == len(drawn.nodes)
    assert all(0 < y < drawn.height and 0 < x < drawn.width for x, y in places)
    said = {(e.holder, e.target, e.label): e.count for e in drawn.edges}
    assert said == {
        (*both, label): count
        for both, counts in several.items()
        for label, count in zip(LABELS, counts, strict=True)
        if count
    }
    assert len({edge.path for edge in drawn.edges}) == len(drawn.edges)
    numbers = [float(n) for edge in drawn.edges for n in re.findall(r"-?[\d.]+", edge.path)]
    assert all(math.isfinite(n) for n in numbers)


def test_who_speaks_stands_on_the_left_and_more_statements_are_wider() -> None:
    drawn = graph([pair("Ada", "the levy", 0, 3, 0), pair("Orrin", "the levy", 1, 0, 0)])
    assert {node.name: node.left for node in drawn.nodes} == {"Ada": True, "Orrin": True, "the levy": False}
    widths = {edge.holder: edge.width for edge in drawn.edges}
    assert widths["Ada"] > widths["Orrin"]


def test_edges_do_not_cross_where_they_need_not() -> None:
    drawn = graph([pair("a", "z", 1, 0, 0), pair("b", "y", 1, 0, 0), pair("c", "x", 1, 0, 0)])
    rows = {node.name: node.y for node in drawn.nodes}
    opposite = {"a": "z", "b": "y", "c": "x"}
    assert sorted("abc", key=rows.__getitem__) == sorted("abc", key=lambda one: rows[opposite[one]])


def test_a_long_name_is_shortened_and_whole_in_its_title() -> None:
    (node, _) = graph([pair("about sixty members of the community in Port Arden", "it", 1, 0, 0)]).nodes
    assert node.short == "about sixty members of the …"
    assert node.name.endswith("Port Arden")
