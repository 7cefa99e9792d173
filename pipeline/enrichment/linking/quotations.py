"""Who speaks inside quote marks, where the sentence itself says so."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.enrichment.linking.clusters import Cluster
from pipeline.enrichment.linking.words import Words


def speakers(words: Words, people: Iterable[Cluster]) -> dict[int, Cluster]:
    """The speaker of each quoted word: the only person who is subject outside the quote marks of its sentence.

    Args:
        words: the document's columns.
        people: clusters of people.
    """
    found: dict[int, Cluster] = {}
    acting = {
        reference.head: cluster
        for cluster in people
        for reference in cluster.references
        if not words.quoted[reference.head] and words.verb_of(reference.start, reference.end, reference.head) >= 0
    }
    for number in range(len(words.sentence_starts)):
        sentence = words.span(number)
        quoted = [word for word in sentence if words.quoted[word]]
        if not quoted:
            continue
        subjects = {id(acting[word]): acting[word] for word in sentence if word in acting}
        if len(subjects) == 1:
            (speaker,) = subjects.values()
            found.update(dict.fromkeys(quoted, speaker))
    return found
