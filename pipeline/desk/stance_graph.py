"""Who is for or against whom as a signed graph: a node a party, an edge what one says of another, drawn as SVG.

Those who speak stand on the left, those who are spoken of on the right, whoever does both where they do more; each
column is ordered so that few edges cross (the barycentre method: Sugiyama, Tagawa and Toda, "Methods for Visual
Understanding of Hierarchical System Structures", 1981).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from textwrap import shorten

from pipeline.searching.fields import LABELS
from pipeline.searching.stances import Pair, Party

_ROW = 34
_BETWEEN = 290
"""Between the columns, where the edges are."""

_BESIDE = 24
_LETTER = 8.5
"""What a name needs beside its node, and the mean width of a letter, rather too wide."""

_RADIUS = 6
_GAP = 4
"""Between the end of an edge and its node."""
_NAME_LENGTH = 34
_ROUNDS = 12
_WIDEST = 8.0
_HEAD = 12
"""The length of an arrow's head."""


@dataclass(frozen=True, slots=True)
class PartyNode:
    """A party and where it stands; its name is written on the outer side."""

    name: str
    short: str
    x: float
    y: float
    left: bool


@dataclass(frozen=True, slots=True)
class Edge:
    """What one party says of another with one label: how often, the path from one to the other, and its width."""

    holder: str
    target: str
    label: str
    count: int
    path: str
    width: float


@dataclass(frozen=True, slots=True)
class Graph:
    """A drawing, in units of its view box; ``head`` is the length of an arrow's head, before which a path ends."""

    width: int
    height: int
    head: int
    nodes: Sequence[PartyNode]
    edges: Sequence[Edge]


def graph(pairs: Sequence[Pair]) -> Graph:
    """Draw pairs of holder and target."""
    parties: dict[str, Party] = {}
    for pair in pairs:
        for party in (pair.holder, pair.target):
            parties.setdefault(party.key, party)
    columns = _columns(pairs)
    left = set(columns[0])
    widths = [_name_width(parties[key].name for key in column) for column in columns]
    rows = max((len(column) for column in columns), default=0)
    nodes = {}
    for column in columns:
        top = _ROW * (rows - len(column)) / 2 + _ROW
        for row, key in enumerate(column):
            name = parties[key].name
            at = widths[0] + (0 if key in left else _BETWEEN)
            nodes[key] = PartyNode(name, _short(name), at, top + row * _ROW, key in left)
    return Graph(sum(widths) + _BETWEEN, _ROW * (rows + 1), _HEAD, [*nodes.values()], _edges(pairs, nodes))


def _name_width(names: Iterable[str]) -> int:
    return round(_BESIDE + _LETTER * max((len(_short(name)) for name in names), default=0))


def _columns(pairs: Sequence[Pair]) -> tuple[list[str], list[str]]:
    """The keys of the parties on the left and on the right, each from above."""
    said: Counter[str] = Counter()
    near: defaultdict[str, set[str]] = defaultdict(set)
    for pair in pairs:
        count = sum(pair.counts.values())
        said[pair.holder.key] += count
        said[pair.target.key] -= count
        near[pair.holder.key].add(pair.target.key)
        near[pair.target.key].add(pair.holder.key)
    left, right = [key for key in said if said[key] > 0], [key for key in said if said[key] <= 0]
    for _ in range(_ROUNDS):
        place = {key: row / len(column) for column in (left, right) for row, key in enumerate(column)}
        for column in (right, left):
            column.sort(key=lambda key: _mean(place, near[key]))
            place |= {key: row / len(column) for row, key in enumerate(column)}
    return left, right


def _mean(place: Mapping[str, float], keys: set[str]) -> float:
    return sum(place[key] for key in keys) / len(keys)


def _edges(pairs: Sequence[Pair], nodes: Mapping[str, PartyNode]) -> list[Edge]:
    edges = []
    for pair in pairs:
        labels = [label for label in LABELS if pair.counts[label]]
        for number, label in enumerate(labels):
            beside = 10 * (number - (len(labels) - 1) / 2)
            holder, target = nodes[pair.holder.key], nodes[pair.target.key]
            count = pair.counts[label]
            path = _path(holder, target, beside)
            width = min(_WIDEST, 1 + 1.5 * count)
            edges.append(Edge(pair.holder.name, pair.target.name, label, count, path, width))
    return sorted(edges, key=lambda edge: -edge.width)


def _path(holder: PartyNode, target: PartyNode, beside: float) -> str:
    """A curve that leaves and arrives level, on the inner side of both; ``beside`` keeps parallel ones apart."""
    reach = _RADIUS + _GAP
    x1, x2 = (node.x + (free if node.left else -free) for node, free in ((holder, reach), (target, reach + _HEAD)))
    bend = 130 if holder.left == target.left else 110
    c1, c2 = (x + (bend if node.left else -bend) for x, node in ((x1, holder), (x2, target)))
    y1, y2 = holder.y, target.y
    if holder is target:
        y1, y2 = y1 - _ROW / 3, y2 + _ROW / 3
    return f"M{x1:g},{y1:g} C{c1:g},{y1 + 3 * beside:g} {c2:g},{y2 + 3 * beside:g} {x2:g},{y2:g}"


def _short(name: str) -> str:
    whole = " ".join(name.split())
    return whole if len(whole) <= _NAME_LENGTH else shorten(whole, _NAME_LENGTH, placeholder=" …")
