"""Counterparts by name: whose counterpart somebody is tells the office they hold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from pipeline.enrichment.gazetteer import gazetteer
from pipeline.enrichment.linking.clusters import Cluster, Role
from pipeline.enrichment.linking.descriptions import Description
from pipeline.enrichment.linking.words import Words


def name_counterparts(
    described: Sequence[Description],
    resolved: Mapping[int, Cluster | None],
    people: Sequence[Cluster],
    words: Words,
) -> None:
    """Where it is known whose counterpart somebody is, put the office in place of "counterpart".

    Args:
        described: all descriptions.
        resolved: whose they are, by head word.
        people: the people of the document.
        words: its columns.
    """
    wanted = [d for d in described if d.role.office == "counterpart" and resolved.get(d.head)]
    if not wanted:
        return
    subjects = _subjects(people, words)
    for description in wanted:
        cluster = resolved[description.head]
        others = [other for other in subjects[words.sentence[description.head]] if other is not cluster]
        if cluster is None or not others:
            continue
        office = _office(description.role, others[0])
        if office:
            cluster.roles = [office if role == description.role else role for role in cluster.roles]


def _subjects(people: Sequence[Cluster], words: Words) -> dict[int, list[Cluster]]:
    """The people who are subjects of each sentence."""
    subjects: dict[int, list[Cluster]] = defaultdict(list)
    for cluster in people:
        for reference in cluster.references:
            if words.verb_of(reference.start, reference.end, reference.head) >= 0:
                subjects[words.sentence[reference.head]].append(cluster)
    return subjects


def _office(role: Role, anchor: Cluster) -> Role | None:
    """The role of a "German counterpart" of the head of Ukrainian diplomacy: the head of German diplomacy."""
    adjective = role.text.removesuffix("counterpart").strip()
    places = gazetteer()
    for known in anchor.roles:
        for word in known.text.split():
            if known.office != "counterpart" and adjective and (places.demonym(word) or places.country(word)):
                return replace(known, country=role.country, text=known.text.replace(word, adjective))
    return None
