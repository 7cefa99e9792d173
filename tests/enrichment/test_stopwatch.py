"""Each component's own seconds, however documents are pulled through a pipeline."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import spacy
from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import minibatch

from pipeline.enrichment.stopwatch import Stopwatch, time_components


class Clock:
    """Stands still unless somebody works."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


CLOCK = Clock()


class InBatches:
    """Takes documents in threes, as models do, and a second for each."""

    def __call__(self, doc: Doc) -> Doc:
        return doc

    def pipe(self, stream: Iterable[Doc], **_: object) -> Iterator[Doc]:
        for batch in minibatch(stream, 3):
            CLOCK.now += len(batch)
            yield from batch


def in_batches(nlp: Language, name: str) -> InBatches:
    return InBatches()


def one_by_one(doc: Doc) -> Doc:
    CLOCK.now += 10
    return doc


Language.factory("test_in_batches", func=in_batches)
Language.component("test_one_by_one", func=one_by_one)


def texts(seconds: float, count: int) -> Iterator[str]:
    for number in range(count):
        CLOCK.now += seconds
        yield f"story {number}"


def timed(count: int, use: Callable[[Doc], str]) -> tuple[list[str], dict[str, float]]:
    nlp = spacy.blank("en")
    for name in ("test_in_batches", "test_one_by_one"):
        nlp.add_pipe(name)
    stopwatch = Stopwatch(CLOCK)
    time_components(nlp, stopwatch, source="reading", consumer="writing")
    CLOCK.now += 5000  # nobody works
    found = [use(doc) for doc in nlp.pipe(texts(0.25, count))]
    return found, stopwatch.lap()


def test_seconds_go_to_the_component_that_uses_them() -> None:
    def write(doc: Doc) -> str:
        CLOCK.now += 100
        return str(doc.text)

    found, seconds = timed(4, write)
    assert found == [f"story {number}" for number in range(4)]
    assert seconds == {"reading": 1.0, "test_in_batches": 4.0, "test_one_by_one": 40.0, "writing": 400.0}


def test_a_lap_begins_anew_and_leaves_out_the_time_between_batches() -> None:
    stopwatch = Stopwatch(CLOCK)
    stopwatch.switch("a")
    CLOCK.now += 2
    assert stopwatch.lap() == {"a": 2}
    CLOCK.now += 50
    assert stopwatch.lap() == {}
    stopwatch.switch("a")
    CLOCK.now += 1
    assert stopwatch.lap() == {"a": 1}


def test_a_pipeline_without_documents_takes_no_time() -> None:
    assert sum(timed(0, str)[1].values()) == 0
