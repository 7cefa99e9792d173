"""The spaCy component ``wire_links``: from entity spans to the document's entities, on ``doc._.entities``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from spacy.language import Language
from spacy.tokens import Doc

from pipeline.article import Entity, Mention
from pipeline.enrichment.linking.clusters import Cluster, Reference
from pipeline.enrichment.linking.descriptions import Description, described
from pipeline.enrichment.linking.groups import link_groups
from pipeline.enrichment.linking.keys import key
from pipeline.enrichment.linking.names import linked_names
from pipeline.enrichment.linking.nominals import Nominals
from pipeline.enrichment.linking.places import metonyms
from pipeline.enrichment.linking.predicates import link_predicates
from pipeline.enrichment.linking.pronouns import Pronouns
from pipeline.enrichment.linking.quotations import speakers
from pipeline.enrichment.linking.roles import role_texts, stated_roles
from pipeline.enrichment.linking.salience import salience
from pipeline.enrichment.linking.words import Words, words_of

NOBODY = frozenset({"DATE", "MONEY"})
"""Types that are nobody: their entities have no key."""

Doc.set_extension("entities", default=None, force=True)


class EntityLinker:
    """Links the mentions of a document: names, descriptions, pronouns, metonyms.

    Args:
        left_out: entity labels that make no entities.
        nominals: whether descriptions are linked.
        pronouns: whether pronouns are linked.
        metonyms: whether capitals and seats of power are linked to their countries.
    """

    def __init__(
        self,
        left_out: Iterable[str] = (),
        *,
        nominals: bool = True,
        pronouns: bool = True,
        metonyms: bool = True,
    ) -> None:
        self._left_out = frozenset(left_out)
        self._nominals = nominals
        self._pronouns = pronouns
        self._metonyms = metonyms

    def __call__(self, doc: Doc) -> Doc:
        """Set ``doc._.entities``: a list of `pipeline.article.Entity`, in the order of their first mention."""
        words = words_of(doc)
        clusters = linked_names(doc, words, self._left_out)
        people = [cluster for cluster in clusters if cluster.family == "person"]
        descriptions = link_descriptions(doc, words, people) if self._nominals else []
        if self._metonyms:
            metonyms(words, clusters)
        if self._nominals:
            link_groups(words, clusters)
        if self._pronouns:
            Pronouns(words, clusters, speakers(words, people)).resolve()
        if self._nominals:
            link_predicates(descriptions, people, words)
        doc._.entities = entities(doc, words, clusters)
        return doc


def link_descriptions(doc: Doc, words: Words, people: Sequence[Cluster]) -> list[Description]:
    """Give people their roles, link the descriptions that mean them, and return all there are."""
    named = [False] * len(words)
    at: dict[int, Cluster] = {}
    ends: dict[int, int] = {}
    for cluster in people:
        for reference in cluster.references:
            named[reference.start : reference.end] = [True] * (reference.end - reference.start)
            at[reference.start] = cluster
            ends[reference.end] = reference.start
    descriptions = described(doc, words, named)
    Nominals(words, people).resolve(descriptions, stated_roles(descriptions, at, ends, words))
    return descriptions


def entities(doc: Doc, words: Words, clusters: Sequence[Cluster]) -> list[Entity]:
    """The clusters as entities, numbered in the order of their first mention."""
    ordered = sorted(clusters, key=lambda cluster: (cluster.first, -len(cluster.references)))
    return [
        _entity(f"e{number}", doc, cluster, weight)
        for number, (cluster, weight) in enumerate(zip(ordered, salience(ordered, words), strict=True), 1)
    ]


def _entity(identifier: str, doc: Doc, cluster: Cluster, weight: float) -> Entity:
    name, type_ = _name(cluster), Counter(cluster.types).most_common(1)[0][0]
    return Entity(
        id=identifier,
        name=name,
        key=None if type_ in NOBODY else key(name, type_),
        type=type_,
        roles=role_texts(cluster.roles),
        salience=weight,
        mentions=[_mention(doc, reference) for reference in _apart(cluster.references)],
    )


def _name(cluster: Cluster) -> str:
    """The fullest spelling: most words, then most used, then first."""
    used = Counter(cluster.spellings)
    if cluster.family == "norp":
        return min(used, key=lambda spelling: (spelling.endswith("s"), -used[spelling]))
    return max(used, key=lambda spelling: (len(spelling.split()), used[spelling]))


def _mention(doc: Doc, reference: Reference) -> Mention:
    span = doc[reference.start : reference.end]
    text = span.text.strip()
    start = span.start_char + span.text.index(text)
    return Mention(start=start, end=start + len(text), text=text, kind=reference.kind)


def _apart(references: Iterable[Reference]) -> list[Reference]:
    """In order, and none over another: the name wins over what is written around it."""
    kept: list[Reference] = []
    end = -1
    for reference in sorted(references, key=lambda r: (r.start, -r.end)):
        if reference.start >= end:
            kept.append(reference)
            end = reference.end
    return kept


@Language.factory(
    "wire_links",
    default_config={"left_out": [], "nominals": True, "pronouns": True, "metonyms": True},
    requires=["doc.ents"],
    assigns=["doc._.entities"],
)
def wire_links(
    nlp: Language,  # noqa: ARG001
    name: str,  # noqa: ARG001
    left_out: list[str],
    nominals: bool,
    pronouns: bool,
    metonyms: bool,
) -> EntityLinker:
    """The component; see `EntityLinker` for its settings."""
    return EntityLinker(left_out, nominals=nominals, pronouns=pronouns, metonyms=metonyms)
