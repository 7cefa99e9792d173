"""How much a document is about each of its entities."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.enrichment.linking.clusters import Cluster
from pipeline.enrichment.linking.words import Words

_MENTION, _SUBJECT, _OPENING = 1.0, 0.5, 1.5
_NORP = 0.5
"""A people's adjective says less of what a text is about than a name does."""


def salience(clusters: Sequence[Cluster], words: Words) -> list[float]:
    """The salience of each cluster, from 0 to 1; the most salient has 1.

    Counted are mentions, those that are subjects, those of the first paragraph, and how early the first one is.
    """
    raw = [_raw(cluster, words) for cluster in clusters]
    highest = max(raw, default=0.0)
    return [round(value / highest, 3) if highest else 0.0 for value in raw]


def _raw(cluster: Cluster, words: Words) -> float:
    score = 0.0
    for reference in cluster.references:
        score += _MENTION
        if words.verb_of(reference.start, reference.end, reference.head) >= 0:
            score += _SUBJECT
        if words.block[reference.start] == 0:
            score += _OPENING / 2
    score += _OPENING * (1 - cluster.first / max(1, len(words)))
    return score * (_NORP if cluster.family == "norp" else 1.0)
