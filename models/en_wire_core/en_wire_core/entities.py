"""Entities and attribution: spans decoded from the encoder's scores of BIOES tags."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from spacy.language import Language
from spacy.scorer import get_ner_prf
from spacy.tokens import Doc, Span
from spacy.training import Example
from spacy.vocab import Vocab

from en_wire_core.bioes import allowed, best_tags, spans, tags_of
from en_wire_core.encoder import encoded, forget

ATTRIBUTION = "attribution"
"""Key of ``doc.spans`` for the parts of attributions: SOURCE, CUE, CONTENT."""

_LABELS = "labels.json"


@Language.factory("wire_entities", assigns=["doc.ents", "token.ent_iob", "token.ent_type"])
def make_entities(nlp: Language, name: str) -> WireEntities:
    """The component as spaCy makes it; its labels come with `from_disk`."""
    return WireEntities(nlp.vocab, name)


@Language.factory("wire_attribution", assigns=["doc.spans"])
def make_attribution(nlp: Language, name: str) -> WireAttribution:
    """The component as spaCy makes it; its labels come with `from_disk`."""
    return WireAttribution(nlp.vocab, name)


class _Spans:
    """Decodes one head of the encoder into spans.

    Args:
        vocab: the pipeline's.
        name: the component's.
    """

    output: str

    def __init__(self, vocab: Vocab, name: str) -> None:
        self.vocab = vocab
        self.name = name
        self.set_labels(())

    def set_labels(self, labels: Sequence[str]) -> None:
        """Take the labels in the order in which the head was trained."""
        self.labels = tuple(labels)
        self._tags = tags_of(self.labels)
        self._follows = allowed(self._tags)
        for label in labels:
            self.vocab.strings.add(label)

    def found(self, doc: Doc) -> list[Span]:
        """The spans in a document, in the order of its text."""
        spans_found = list(self._decoded(doc))
        forget(doc, self.output)
        return spans_found

    def _decoded(self, doc: Doc) -> Iterator[Span]:
        for one in encoded(doc):
            words = one.window.words
            path = [self._tags[tag] for tag in best_tags(one.scores[self.output], self._follows)]
            for first, last, label in spans(path):
                yield Span(doc, words[first], words[last - 1] + 1, label=label)

    def to_disk(self, path: str | Path, *, exclude: Sequence[str] = ()) -> None:  # noqa: ARG002 - spaCy passes it
        """Write the labels to a folder."""
        folder = Path(path)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / _LABELS).write_text(json.dumps(self.labels), encoding="utf-8")

    def from_disk(self, path: str | Path, *, exclude: Sequence[str] = ()) -> Any:  # noqa: ARG002
        """Read what `to_disk` wrote."""
        self.set_labels(json.loads((Path(path) / _LABELS).read_text(encoding="utf-8")))
        return self


class WireEntities(_Spans):
    """A spaCy component that sets a document's entities from what the encoder left with it."""

    output = "entities"

    def __call__(self, doc: Doc) -> Doc:
        """Set ``doc.ents``."""
        doc.set_ents(self.found(doc), default="outside")
        return doc

    def score(self, examples: Iterable[Example], **_: Any) -> dict[str, Any]:
        """spaCy's scores of entities."""
        return dict(get_ner_prf(examples))


class WireAttribution(_Spans):
    """A spaCy component that notes sources, cues and contents from what the encoder left with a document."""

    output = "attribution"

    def __call__(self, doc: Doc) -> Doc:
        """Set ``doc.spans["attribution"]``."""
        doc.spans[ATTRIBUTION] = self.found(doc)
        return doc
