"""What a sentence says its subject is: "She is the head of the bank"."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pipeline.enrichment.linking.clusters import Cluster, Reference
from pipeline.enrichment.linking.descriptions import Description
from pipeline.enrichment.linking.roles import excludes, note_role
from pipeline.enrichment.linking.words import Words

_DETERMINERS = frozenset({"a", "an", "the"})


def link_predicates(descriptions: Iterable[Description], people: Sequence[Cluster], words: Words) -> None:
    """Link descriptions that are predicates of a linked subject; without a parse there are none."""
    at = {reference.head: cluster for cluster in people for reference in cluster.references}
    subjects = {words.head[head]: cluster for head, cluster in at.items() if words.dep[head] == "nsubj"}
    copulas = {words.head[number] for number, dep in enumerate(words.dep) if dep == "cop" and _affirms(number, words)}
    for description in descriptions:
        head = description.head
        cluster = subjects.get(head)
        if cluster is None or head in at or head not in copulas or description.determiner not in _DETERMINERS:
            continue
        if words.quoted[head] or excludes(cluster.roles, description.role):
            continue
        note_role(cluster, description)
        cluster.add(Reference(description.start, description.end, head, "nominal"))


def _affirms(copula: int, words: Words) -> bool:
    """Whether it is said of now or then, not denied or wished: "is", "was", not "is not" or "would be"."""
    following = words.lower[copula + 1] if copula + 1 < len(words) else ""
    return words.lower[copula] in {"is", "was"} and following not in {"not", "n't", "n’t", "no"}
