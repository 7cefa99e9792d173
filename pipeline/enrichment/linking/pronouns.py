"""Pronouns of the third person, resolved to the names and descriptions before them.

After Lappin and Leass, "An Algorithm for Pronominal Anaphora Resolution" (1994): candidates are weighed by where they
stand and how long ago, and what can't agree in gender or number, or is an argument of the same verb, is left out. The
weights are our own. A common noun competes too: where it wins, the pronoun stays unlinked.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.enrichment.linking.clusters import Cluster, Reference
from pipeline.enrichment.linking.tables import tables
from pipeline.enrichment.linking.words import Words

REACH = 3
"""Sentences back in which an antecedent is looked for."""

WINDOW = 40
"""Candidates held in view."""

_HALF_LIFE = 0.5
_SUBJECT, _OBJECT, _OTHER, _OWNER = 80.0, 50.0, 35.0, 30.0
_FORWARD = 90.0
_KNOWN = 5.0
"""What it adds that a person's gender is known to fit."""

_TOLD = 0.7
"""What somebody named inside a quote counts for a pronoun outside: speakers seldom name themselves."""

_REFLEXIVE = ("self", "selves")
_PERSONAL = frozenset({"m", "f"})
_FIRST = frozenset({"i", "me", "my", "mine", "myself"})
_JUDGING = frozenset({"make", "find", "judge", "consider", "think", "deem", "believe", "call"})


@dataclass(slots=True, eq=False)
class _Candidate:
    """Somebody or something a pronoun may stand for: ``cluster`` is None for a common noun."""

    start: int
    end: int
    head: int
    cluster: Cluster | None
    kinds: str
    """Which pronouns suit: some of m, f, n and p."""
    weight: float


class Pronouns:
    """Resolves the pronouns of one document."""

    def __init__(self, words: Words, clusters: Sequence[Cluster], speakers: Mapping[int, Cluster]) -> None:
        self._words = words
        self._speakers = speakers
        self._at = self._references(clusters)
        self._seen: deque[_Candidate] = deque(maxlen=WINDOW)
        self._mentions: dict[int, int] = {}

    def resolve(self) -> None:
        """Link what can be linked, in reading order; each linked pronoun is a candidate for the next."""
        words, pronouns = self._words, tables().pronouns
        for number in range(len(words)):
            if words.block[number] < 0:
                continue
            self._see(number)
            gender = pronouns.get(words.lower[number])
            if words.lower[number] in _FIRST and number in self._speakers:
                self._speakers[number].add(Reference(number, number + 1, number, "pronoun"))
            if gender and words.ent[number] < 0 and not self._is_empty(number):
                self._link(number, gender)

    def _references(self, clusters: Sequence[Cluster]) -> dict[int, tuple[Cluster, Reference]]:
        at: dict[int, tuple[Cluster, Reference]] = {}
        for cluster in clusters:
            if cluster.family == "norp" and not _is_people(cluster, self._words):
                continue
            for reference in cluster.references:
                if reference.head not in at or reference.kind == "metonym":
                    at[reference.head] = (cluster, reference)
        return at

    def _see(self, number: int) -> None:
        words = self._words
        named = self._at.get(number)
        if named:
            cluster, reference = named
            self._seen.append(self._candidate(number, reference.start, reference.end, cluster, _kinds(cluster)))
            return
        if words.ent[number] >= 0 or words.tag[number] not in {"NN", "NNS", "NNP", "NNPS"}:
            return
        if words.dep[number] in {"compound", "flat", "nmod:desc"}:
            return
        kinds = _noun_kinds(words.lower[number], words.tag[number])
        self._seen.append(self._candidate(number, number, number + 1, None, kinds))

    def _candidate(self, head: int, start: int, end: int, cluster: Cluster | None, kinds: str) -> _Candidate:
        acts = cluster is not None and self._words.verb_of(start, end, head) >= 0
        return _Candidate(start, end, head, cluster, kinds, _SUBJECT if acts else self._prominence(head))

    def _prominence(self, head: int) -> float:
        dep = self._words.dep[head]
        if dep.startswith(("nsubj", "root", "ROOT")) or not dep:
            return _SUBJECT
        if dep in {"obj", "iobj"} or dep.startswith("obl:agent"):
            return _OBJECT
        if dep == "nmod:poss":
            return _OWNER
        if dep in {"conj", "appos"}:
            return self._prominence(self._words.head[head]) - 5 if self._words.head[head] != head else _OTHER
        return _OTHER

    def _is_empty(self, number: int) -> bool:
        """ "It" that stands for nothing: "it is clear that", "it rains"."""
        words, known = self._words, tables()
        if words.lower[number] != "it":
            return False
        if words.dep[number] == "expl":
            return True
        if number and words.lemma[number - 1] in _JUDGING and words.tag[number + 1 : number + 2] == ["JJ"]:
            return True
        following = range(number + 1, min(number + 5, len(words)))
        if any(words.lemma[n] in known.expletive_verbs for n in following[:2]):
            return True
        return any(words.lower[n] in {"is", "was", "be", "'s", "’s"} for n in following[:3]) and any(
            words.lower[n] in known.expletive_adjectives for n in following
        )

    def _link(self, number: int, gender: str) -> None:
        best: tuple[float, _Candidate | None] = (0.0, None)
        for candidate in self._seen:
            score = self._score(candidate, number, gender)
            if score > best[0]:
                best = (score, candidate)
        ahead = self._ahead(number, gender)
        if ahead and best[0] < _FORWARD:
            best = (_FORWARD, ahead)
        winner = best[1]
        if winner is None or winner.cluster is None:
            return
        cluster = winner.cluster
        cluster.add(Reference(number, number + 1, number, "pronoun"))
        if gender in _PERSONAL and cluster.family == "person":
            cluster.gender = cluster.gender or gender
        self._seen.append(self._candidate(number, number, number + 1, cluster, gender))

    def _score(self, candidate: _Candidate, number: int, gender: str) -> float:
        words, cluster = self._words, candidate.cluster
        if gender not in candidate.kinds or (cluster and not _agrees(cluster, gender)):
            return 0.0
        distance = words.sentence[number] - words.sentence[candidate.head]
        if distance > REACH or self._barred(candidate, number):
            return 0.0
        if cluster and words.quoted[number] and self._speakers.get(number) is cluster:
            return 0.0
        score = candidate.weight * _HALF_LIFE**distance
        if distance and words.block[number] != words.block[candidate.head]:
            score *= 0.8
        if cluster:
            score += min(len(cluster.references), 10) + (_KNOWN if cluster.gender == gender else 0)
            score *= 1.15
        if words.quoted[candidate.head] and not words.quoted[number]:
            score *= _TOLD
        if words.lower[number - 1] == "and" and candidate.end == number - 1 and words.dep[number] == "nmod:poss":
            score += 60  # "Ukraine and its partners"
        return score + 10 / (1 + number - candidate.head)

    def _barred(self, candidate: _Candidate, number: int) -> bool:
        """Whether grammar rules a candidate out: arguments of one verb, and a phrase's own owner."""
        words = self._words
        if candidate.start <= number < candidate.end:
            return True
        if not words.parsed:
            return False
        if words.lower[number].endswith(_REFLEXIVE):
            # A reflexive means the subject of its verb.
            verb = words.head[number]
            subject = words.verb_of(candidate.start, candidate.end, candidate.head)
            return subject < 0 or subject not in {verb, words.head[verb]}
        verb, head = words.head[number], words.head[candidate.head]
        if words.dep[number] == "nmod:poss":
            # "his" in "his brother" is not that brother, nor who stands beside him.
            return candidate.head == verb or (words.dep[candidate.head] in {"appos", "flat"} and head == verb)
        return verb == head and verb != number and candidate.head != head and words.dep[number] != "conj"

    def _ahead(self, number: int, gender: str) -> _Candidate | None:
        """The subject that an opening phrase looks forward to: "For his part, X said", "Before she left, X"."""
        words = self._words
        sentence = words.span(words.sentence[number])
        if gender not in _PERSONAL or number - sentence.start > 15 or words.dep[number].startswith("nsubj:"):
            return None
        for word in range(number + 1, min(number + 25, sentence.stop)):
            named = self._at.get(word)
            if named is None:
                continue
            cluster, reference = named
            verb = words.verb_of(reference.start, reference.end, word)
            if verb < 0:
                continue
            opening = number < verb and self._under(number, verb) and "," in words.text[number : reference.start]
            speaks = words.quoted[number] and self._speakers.get(number) is cluster
            if (
                cluster.family == "person"
                and reference.kind == "name"
                and opening
                and not speaks
                and _agrees(cluster, gender)
            ):
                return self._candidate(word, reference.start, reference.end, cluster, gender)
            return None
        return None

    def _under(self, number: int, verb: int) -> bool:
        above = list(self._words.ancestors(number))
        return bool(above) and verb in above[1:]


def _agrees(cluster: Cluster, gender: str) -> bool:
    return gender not in _PERSONAL or not cluster.gender or cluster.gender == gender


def _is_people(cluster: Cluster, words: Words) -> bool:
    """Whether a group's name is used as a noun: "the Russians"."""
    return any(words.tag[reference.head] in {"NNPS", "NNS"} for reference in cluster.references)


def _kinds(cluster: Cluster) -> str:
    if cluster.family == "person":
        return cluster.gender or "mf"
    if cluster.family == "norp":
        return "p"
    return "np" if cluster.family == "org" else "n"


def _noun_kinds(noun: str, tag: str) -> str:
    known = tables()
    if tag in {"NNS", "NNPS"}:
        return "p"
    if noun in known.persons or noun in known.offices or noun in known.plain:
        return known.genders.get(noun, "mf")
    return "n"
