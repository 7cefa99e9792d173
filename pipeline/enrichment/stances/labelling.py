"""Labels for given pairs: texts in which somebody has marked a holder and a target."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from spacy.language import Language
from spacy.tokens import Doc, Span

from pipeline.article import problems
from pipeline.config import EnrichmentSettings
from pipeline.enrichment import model
from pipeline.enrichment.components import article_pipeline
from pipeline.enrichment.reading import BLOCKS, document
from pipeline.enrichment.stances.classifier import Asked, Extent, classifier_of
from pipeline.enrichment.stances.lexicon import lexicon
from pipeline.enrichment.stances.pairs import Pair, stated
from pipeline.enrichment.stances.polarity import Label
from pipeline.enrichment.stances.statements import Statement
from pipeline.enrichment.stances.weighing import weigh
from pipeline.errors import Poison

_COMPONENTS = ("wire_types", "wire_links", "wire_places", "wire_quotes")
BATCH = 64
"""Texts read at a time."""

LONGEST = 20_000
"""Characters of a text."""


class GivenPair(BaseModel):
    """A text with the offsets of holder and target in it, in code points, ends exclusive."""

    model_config = ConfigDict(strict=True, extra="ignore")

    text: str = Field(max_length=LONGEST)
    holder: tuple[int, int]
    target: tuple[int, int]

    @classmethod
    def from_json(cls, line: bytes) -> Self:
        """Read a line of JSON.

        Raises:
            Poison: it is no such object, or a span is no part of the text; the message says which.
        """
        try:
            pair = cls.model_validate_json(line)
        except ValidationError as invalid:
            raise Poison(
                f"not a pair: {problems(invalid)}",
                'write {"text": "...", "holder": [start, end], "target": [start, end]} a line',
                cause="invalid-pair",
            ) from invalid
        for name, (start, end) in (("holder", pair.holder), ("target", pair.target)):
            if not 0 <= start < end <= len(pair.text):
                raise Poison(
                    f"{name}: [{start}, {end}] is no part of a text of {len(pair.text)} characters",
                    "count offsets in code points from 0, the end exclusive",
                    cause="invalid-pair",
                )
        return pair


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the cues and the classifier say of a pair; either may say nothing."""

    stated: Statement | None
    likely: list[float] | None

    @property
    def cue(self) -> tuple[Label, float] | None:
        """The cue's label, and how sure it is."""
        return (self.stated.label, self.stated.certainty) if self.stated is not None else None


@dataclass(frozen=True, slots=True)
class Labelled:
    """The label of a pair, its probability, the words that say so (or None), and what decided it."""

    label: str
    confidence: float
    cue: str | None
    decided_by: Sequence[str]


class PairLabeller:
    """Labels pairs by the cues of their text and by the classifier.

    Args:
        settings: which spaCy pipeline, its labels.
    """

    def __init__(self, settings: EnrichmentSettings) -> None:
        self._nlp: Language = model.load(settings.model)
        self._components = article_pipeline(self._nlp, _COMPONENTS)
        self._classifier = classifier_of(self._nlp)
        self._labels = settings.labels
        self._words = lexicon()

    def label(self, pairs: Iterable[GivenPair]) -> Iterator[Labelled]:
        """A label for each pair, in order."""
        return map(labelled, self.opinions(pairs))

    def opinions(self, pairs: Iterable[GivenPair]) -> Iterator[Opinion]:
        """What the labels are decided by, in order."""
        waiting = iter(pairs)
        while batch := list(islice(waiting, BATCH)):
            with self._nlp.memory_zone():
                yield from list(self._batch(batch))

    def _batch(self, batch: Sequence[GivenPair]) -> Iterator[Opinion]:
        grouped = [(text, list(found)) for text, found in groupby(batch, key=lambda pair: pair.text)]
        read: Any = self._nlp.pipe(document(self._nlp, text) for text, _ in grouped)
        docs: Any = self._components.pipe(self._prepared(doc) for doc in read)
        for doc, (_, pairs) in zip(docs, grouped, strict=True):
            for pair in pairs:
                found = stated(doc, Pair(pair.holder, pair.target), self._words)
                yield Opinion(found, self._likely(doc, pair))

    def _prepared(self, doc: Doc) -> Doc:
        """The text as an article of one paragraph, as `pipeline.enrichment.reading` would make it."""
        labels = ((ent, self._labels.get(ent.label_, ent.label_)) for ent in doc.ents)
        doc.set_ents([Span(doc, ent.start, ent.end, label=label) for ent, label in labels if label], default="outside")
        doc.spans[BLOCKS] = [Span(doc, 0, len(doc), label="paragraph")] if len(doc) else []
        return doc

    def _likely(self, doc: Doc, pair: GivenPair) -> list[float] | None:
        if self._classifier is None:
            return None
        extents = [_extent(doc, span) for span in (pair.holder, pair.target)]
        if None in extents:
            return None
        (row,) = Asked(self._classifier, doc).stances([(extents[0] or (0, 0), extents[1] or (0, 0))])
        return None if row is None else [float(one) for one in row]


def labelled(opinion: Opinion) -> Labelled:
    """The label that an opinion comes to."""
    found, verdict = opinion.stated, weigh(opinion.cue, opinion.likely)
    told = [f"cue: {found.kind}", *found.why] if found and found.label == verdict.label else []
    by = [*told, *(["classifier"] if verdict.by != "cue" else [])]
    cue = found.cue.text if found and told else None
    return Labelled(verdict.label, round(verdict.confidence, 3), cue, by)


def _extent(doc: Doc, span: tuple[int, int]) -> Extent | None:
    words = doc.char_span(span[0], span[1], alignment_mode="expand")
    return (words.start, words.end) if words is not None else None
