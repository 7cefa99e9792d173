"""What each component of spaCy pipelines takes, by boundaries between them: two readings of a clock a document.

Components pull documents from each other lazily, and some take many before they give one out. So time is not measured
around calls: one clock runs for all, and whoever pulls or gives a document says who works from now on.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from time import perf_counter

from spacy.language import Language
from spacy.tokens import Doc


class Stopwatch:
    """Seconds by who works; nobody does at first.

    Args:
        clock: tells the time in seconds.
    """

    def __init__(self, clock: Callable[[], float] = perf_counter) -> None:
        self._clock = clock
        self._seconds: defaultdict[str, float] = defaultdict(float)
        self._working = ""
        self._since = clock()

    def switch(self, working: str) -> None:
        """From now on ``working`` works."""
        now = self._clock()
        self._seconds[self._working] += now - self._since
        self._working, self._since = working, now

    def lap(self) -> dict[str, float]:
        """The seconds since the last lap, without those in which nobody worked; nobody works from now on."""
        self.switch("")
        lap = {name: seconds for name, seconds in self._seconds.items() if name}
        self._seconds.clear()
        return lap


class Boundary:
    """A component that lets documents pass and tells a stopwatch who works on either side of it."""

    def __init__(self) -> None:
        self.stopwatch: Stopwatch | None = None
        self.below = self.above = ""

    def __call__(self, doc: Doc) -> Doc:
        """The document as it is."""
        return doc

    def pipe(self, stream: Iterable[Doc], **_: object) -> Iterator[Doc]:
        """The documents as they are."""
        assert self.stopwatch is not None, "`time_components` sets it"  # noqa: S101
        documents = iter(stream)
        while True:
            self.stopwatch.switch(self.below)
            doc = next(documents, None)
            self.stopwatch.switch(self.above)
            if doc is None:
                return
            yield doc


@Language.factory("wire_boundary")
def make_boundary(nlp: Language, name: str) -> Boundary:  # noqa: ARG001 - as spaCy calls factories
    """The factory of `Boundary`."""
    return Boundary()


def time_components(nlp: Language, stopwatch: Stopwatch, *, source: str, consumer: str) -> None:
    """Put boundaries between the components of a pipeline, before the first and behind the last.

    Args:
        nlp: the pipeline; it gets a component more for each it has, and one.
        stopwatch: where the seconds of each component go, under its name.
        source: who works while the pipeline waits for documents.
        consumer: who works once a document has left the pipeline.
    """
    names = nlp.pipe_names
    for number, (below, above) in enumerate(pairwise([source, *names, consumer])):
        place = {"before": above} if number < len(names) else {"last": True}
        boundary: Boundary = nlp.add_pipe("wire_boundary", name=f"boundary {number}", **place)
        boundary.stopwatch, boundary.below, boundary.above = stopwatch, below, above
