"""The topology: three stages, each with its consumer group, its source and its work."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from pipeline.config import Settings, StageName
from pipeline.streaming.work import Work, cleaner, enricher, preparer


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of the pipeline.

    Attributes:
        name: the stage, as `wire worker` calls it.
        group: its consumer group.
        source: the topic it reads.
        target: the topic it writes; None for the stage that writes to Elasticsearch.
        make_work: called in each worker process, makes what it does.
    """

    name: StageName
    group: str
    source: str
    target: str | None
    make_work: Callable[[], Work]


def stages(settings: Settings) -> dict[str, Stage]:
    """The three stages by name, in the order articles pass them."""
    topics, prefix = settings.topics, settings.topics.group_prefix
    enriching = partial(enricher, settings.enrichment, timed=settings.monitoring.components)
    in_order = (
        Stage("clean", f"{prefix}-clean", topics.raw, topics.articles, partial(cleaner, settings.feeding)),
        Stage("enrich", f"{prefix}-enrich", topics.articles, topics.enriched, enriching),
        Stage("index", f"{prefix}-index", topics.enriched, None, preparer),
    )
    return {stage.name: stage for stage in in_order}
