"""Definite descriptions resolved: "the French president", "his German counterpart", "the minister", "the company"."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.enrichment.linking.clusters import Cluster, Reference, Role
from pipeline.enrichment.linking.counterparts import name_counterparts
from pipeline.enrichment.linking.descriptions import Description
from pipeline.enrichment.linking.places import subject_country
from pipeline.enrichment.linking.roles import LEADERS, excludes, matches, note_role
from pipeline.enrichment.linking.words import Words

NEAR = 3
"""Sentences around a description in which somebody may be meant who is not known by that office."""

FAR = 12
"""Sentences back that a bare "the minister" reaches."""

MOST_PEOPLE = 60
"""People a description is compared with, the most mentioned first."""

MOST_NEAR = 40
"""Descriptions before one that are looked at, and mentions of one wording that are weighed."""

_ENOUGH = 0.5


@dataclass(slots=True)
class _Person:
    """A candidate: its cluster, the sentences of its names and of those that are subjects, where its mentions start."""

    cluster: Cluster
    sentences: list[int]
    subjects: list[int]
    starts: list[int]
    share: float


class Nominals:
    """Resolves the descriptions of a document to people."""

    def __init__(self, words: Words, people: Sequence[Cluster]) -> None:
        self._words = words
        most = sorted(people, key=lambda cluster: (-len(cluster.references), cluster.first))[:MOST_PEOPLE]
        total = max((len(cluster.references) for cluster in most), default=1)
        self._people = [self._person(cluster, total) for cluster in most]
        self._by_cluster = {id(person.cluster): person for person in self._people}

    def resolve(self, described: Sequence[Description], owners: Mapping[int, Cluster]) -> None:
        """Link descriptions to people; what fits nobody stays unlinked.

        Args:
            described: all descriptions, in order.
            owners: whose descriptions already are, by head word.
        """
        free = [self._in_context(description) for description in described if description.head not in owners]
        located = [d for d in free if d.role.country and d.role.office != "counterpart" and d.determiner != "a"]
        resolved: dict[int, Cluster | None] = dict(owners)
        self._offices(located, resolved)
        name_counterparts(described, resolved, [person.cluster for person in self._people], self._words)
        for description in free:
            if description.role.office == "counterpart":
                self._link(description, self._counterpart(description), resolved)
        for description in free:
            if description.head not in resolved and description.definite:
                self._link(description, self._bare(description, free, resolved), resolved)

    def _person(self, cluster: Cluster, total: int) -> _Person:
        words = self._words
        names = [reference for reference in cluster.references if reference.kind == "name"]
        return _Person(
            cluster,
            sorted(words.sentence[reference.start] for reference in names),
            sorted(words.sentence[r.start] for r in names if words.verb_of(r.start, r.end, r.head) >= 0),
            sorted(reference.start for reference in cluster.references),
            len(cluster.references) / total,
        )

    def _in_context(self, description: Description) -> Description:
        """A ministry's head without a country belongs to the country that is subject of the sentence."""
        role = description.role
        if role.country or role.office != "minister" or not role.portfolios:
            return description
        country = subject_country(description.head, self._words)
        return replace(description, role=replace(role, country=country)) if country else description

    def _link(self, description: Description, cluster: Cluster | None, resolved: dict[int, Cluster | None]) -> None:
        resolved[description.head] = cluster
        if cluster:
            insort(self._by_cluster[id(cluster)].starts, description.start)
            note_role(cluster, description)
            cluster.add(Reference(description.start, description.end, description.head, "nominal"))

    def _offices(self, located: Sequence[Description], resolved: dict[int, Cluster | None]) -> None:
        """Descriptions with a country, all of one wording at once, the surest first."""
        groups: dict[tuple[object, ...], list[Description]] = defaultdict(list)
        for description in located:
            role = description.role
            groups[role.office, role.country, role.portfolios, role.former, role.qualifiers].append(description)
        scored = [
            (self._score(group, person), -group[0].start, key, person)
            for key, group in list(groups.items())[:MOST_PEOPLE]
            for person in self._people
        ]
        taken: set[tuple[object, ...]] = set()
        for score, _, key, person in sorted(scored, key=lambda row: row[:2], reverse=True):
            role = groups[key][0].role
            if score < _ENOUGH or key in taken or excludes(person.cluster.roles, role):
                continue
            if person.cluster.country not in {None, role.country}:
                continue
            taken.add(key)
            for description in groups[key]:
                self._link(description, person.cluster, resolved)
        for description in located:
            resolved.setdefault(description.head, None)

    def _score(self, group: Sequence[Description], person: _Person) -> float:
        """How well a person suits descriptions of one wording; below nothing where they can't be one."""
        group = group[:MOST_NEAR]
        role, cluster = group[0].role, person.cluster
        gender = group[0].gender
        if excludes(cluster.roles, role) or (gender and cluster.gender and gender != cluster.gender):
            return -1.0
        if cluster.country and cluster.country != role.country:
            return -1.0
        stated = any(matches(other, role) and other.office == role.office for other in cluster.roles)
        same_country = cluster.country == role.country
        sure = stated and same_country
        together = sum(self._together(description, person) for description in group)
        if together and not sure:
            return -1.0
        near = sum(self._nearness(description, person) for description in group) / len(group)
        if not near and not stated:
            return -1.0
        if not stated and not same_country and role.office not in _STATE_OFFICES:
            return -1.0
        # What is said often is surer, and who is much talked of more likely governs than speaks for those who do.
        weight = min(len(group), 4) ** 0.5
        return float(near * weight) + 6 * stated + 3 * same_country + person.share * (role.office in LEADERS)

    def _together(self, description: Description, person: _Person) -> bool:
        sentence = self._words.sentence[description.head]
        at = bisect_left(person.sentences, sentence)
        return at < len(person.sentences) and person.sentences[at] == sentence

    def _nearness(self, description: Description, person: _Person) -> float:
        sentence = self._words.sentence[description.head]
        score = 0.0
        for sentences, weight in ((person.sentences, 1.0), (person.subjects, 1.0)):
            at = bisect_right(sentences, sentence)
            if at and sentence - sentences[at - 1] <= NEAR:
                score += weight / (1 + sentence - sentences[at - 1])
            elif at < len(sentences) and sentences[at] - sentence <= 1:
                score += weight / 2
        return score

    def _counterpart(self, description: Description) -> Cluster | None:
        """Somebody of that country who is not the one whose counterpart it is."""
        role = description.role
        sentence = self._words.sentence[description.head]
        fitting = [
            person
            for person in self._people
            if role.country and person.cluster.country == role.country and sentence not in person.subjects
        ]
        return max(fitting, key=lambda person: person.share).cluster if fitting else None

    def _bare(
        self, description: Description, free: Sequence[Description], resolved: Mapping[int, Cluster | None]
    ) -> Cluster | None:
        """The last person before it who is known by that office, unless somebody unnamed is nearer."""
        sentence = self._words.sentence[description.head]
        best: tuple[int, Cluster | None] = (-1, None)
        for person in self._people:
            cluster = person.cluster
            if description.gender and cluster.gender and description.gender != cluster.gender:
                continue
            if not any(_suits(description.role, role) for role in cluster.roles):
                continue
            before = bisect_left(person.starts, description.start)
            at = person.starts[before - 1] if before else -1
            if at >= 0 and sentence - self._words.sentence[at] <= FAR:
                best = max(best, (at, cluster), key=lambda pair: pair[0])
        place = bisect_left(free, description.start, key=lambda other: other.start)
        for other in free[max(0, place - MOST_NEAR) : place]:
            if resolved.get(other.head, description) is None and _suits(description.role, other.role):
                best = max(best, (other.start, None), key=lambda pair: pair[0])
        return best[1]


_STATE_OFFICES = frozenset(
    {"president", "prime minister", "minister", "monarch", "leader", "chief", "spokesperson", "vice president"}
)


def _suits(role: Role, known: Role) -> bool:
    """Whether a bare description may mean somebody of a known role: its words are among those known."""
    if not matches(role, known) or known.office == "counterpart":
        return False
    return not role.qualifiers or bool(role.qualifiers & known.qualifiers) or not known.qualifiers
