"""What the desk and the operators see in Kibana: three data views, four saved searches, three dashboards."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.config import IndexingSettings
from pipeline.dashboards.charts import (
    AGAINST,
    FAVOR,
    DataView,
    figure,
    heat_map,
    over_time,
    ranking,
    table,
    treemap,
)
from pipeline.dashboards.columns import Average, Count, Is, Percentile, Terms, UniqueCount
from pipeline.dashboards.saved_objects import WIDTH, Control, Dashboard, PointMap, Row, SavedSearch, ndjson

_HALF, _THIRD, _QUARTER = WIDTH // 2, WIDTH // 3, WIDTH // 4
_CORRECTED = Is("wire.change", ("correction", "refile"))
_IN_FAVOR, _AGAINST = Is("label", ("favor",)), Is("label", ("against",))


@dataclass(frozen=True)
class Views:
    """The data views.

    ``articles`` and ``stances`` are the readers' aliases, which show what may be published now. ``operations`` is the
    indices behind the first: all that came in, the withheld and the killed too.
    """

    articles: DataView
    stances: DataView
    operations: DataView

    @classmethod
    def of(cls, indexing: IndexingSettings) -> Views:
        """The data views of these indices."""
        return cls(
            articles=DataView("wire-articles", indexing.articles, "Wire articles", "storyDate"),
            stances=DataView("wire-stances", indexing.stances, "Wire stances", "storyDate"),
            operations=DataView(
                "wire-operations", f"{indexing.articles}-*", "Wire operations (withheld and killed too)", "receivedAt"
            ),
        )


def saved_objects(indexing: IndexingSettings) -> bytes:
    """All saved objects for these indices, as Kibana imports them (NDJSON)."""
    views = Views.of(indexing)
    return ndjson(
        (views.articles, views.stances, views.operations),
        (newsroom(views.articles), stance(views.stances), operations(views.operations)),
    )


def newsroom(view: DataView) -> Dashboard:
    """What came in, from whom, about whom, and where."""
    newest = SavedSearch(
        id="wire-newest-articles",
        title="Wire: newest articles",
        description="What may be published now, newest first.",
        view=view,
        columns=("headline", "wire.provider", "entities.person", "entities.place", "summary"),
        sort=("storyDate", "receivedAt"),
    )
    figures = (
        figure("Articles", view, Count("articles")),
        figure("Feeds", view, UniqueCount("wire.provider", "feeds")),
        figure("People named", view, UniqueCount("entities.person", "people")),
        figure("Corrections", view, Count("corrected", _CORRECTED)),
    )
    named = (
        ("People", "entities.person"),
        ("Organisations", "entities.org"),
        ("Places", "entities.place"),
        ("Keyphrases", "keyphrases"),
    )
    top = [ranking(title, view, Terms(name, title, 15, "count"), "articles") for title, name in named]
    by_feed = over_time(
        "Articles by feed", view, {"count": Count("articles")}, split=Terms("wire.provider", "Feed", 10, "count")
    )
    return Dashboard(
        id="wire-newsroom",
        title="Wire: newsroom",
        description="Articles by feed and time, who and what they name, where they happen, and the newest of them.",
        rows=(
            Row(6, tuple((_QUARTER, each) for each in figures)),
            Row(12, ((WIDTH, by_feed),)),
            Row(16, tuple((_QUARTER, each) for each in top)),
            Row(
                16,
                (
                    (WIDTH - _THIRD, PointMap("wire-places", "Wire: places named", view, "entities.location")),
                    (
                        _THIRD,
                        treemap("Countries", view, Terms("entities.country", "Country", 20, "count"), "articles"),
                    ),
                ),
            ),
            Row(20, ((WIDTH, newest),)),
        ),
        controls=(
            Control("wire.provider", "Feed", view),
            Control("entities.person", "Person", view),
            Control("entities.org", "Organisation", view),
            Control("entities.country", "Country", view),
        ),
    )


def stance(view: DataView) -> Dashboard:
    """Who is for or against whom or what; with a holder and a target chosen above, the trend of that pair."""
    evidence = SavedSearch(
        id="wire-stance-evidence",
        title="Wire: evidence of statements",
        description="The sentence behind each statement, newest first.",
        view=view,
        columns=("holder.name", "label", "target.name", "evidence.text", "confidence", "headline", "wire.provider"),
        sort=("storyDate", "confidence"),
    )
    said = {"favor": Count("favor", _IN_FAVOR), "against": Count("against", _AGAINST)}
    leaning = {"polarity": Average("polarity", "mean polarity")}
    figures = (
        figure("Statements", view, Count("statements")),
        figure("In favor", view, said["favor"]),
        figure("Against", view, said["against"]),
        figure("Articles with statements", view, UniqueCount("uri", "articles")),
    )
    pairs = table(
        "Pairs",
        view,
        {
            "holder": Terms("holder.name", "Holder", 20, "count"),
            "target": Terms("target.name", "Target", 5, "count"),
            "count": Count("statements"),
            **said,
        },
    )
    matrix = heat_map(
        "Who is for or against whom: mean polarity from -1, against, to 1, in favor",
        view,
        x=Terms("target.name", "Target", 15),
        y=Terms("holder.name", "Holder", 15),
        value=Average("polarity", "mean polarity"),
    )
    trend = over_time("Favor and against", view, said, colors={"favor": FAVOR, "against": AGAINST})
    drift = over_time("Mean polarity", view, leaning, line=True)
    return Dashboard(
        id="wire-stance",
        title="Wire: stance",
        description="Who is for or against whom. Choose a holder and a target above to see one pair over time.",
        rows=(
            Row(6, tuple((_QUARTER, each) for each in figures)),
            Row(20, ((WIDTH - _THIRD, matrix), (_THIRD, pairs))),
            Row(12, ((_HALF, trend), (_HALF, drift))),
            Row(20, ((WIDTH, evidence),)),
        ),
        controls=(
            Control("holder.name", "Holder", view),
            Control("target.name", "Target", view),
            Control("label", "Label", view),
            Control("wire.provider", "Feed", view),
        ),
        since="now-90d",
    )


def operations(view: DataView) -> Dashboard:
    """What the pipeline took in, how fast, and what was corrected or killed. Dead letters are in Grafana."""
    changes = SavedSearch(
        id="wire-corrections-and-kills",
        title="Wire: corrections and kills",
        description="Versions that correct, kill, hold or release a story, as they came in.",
        view=view,
        columns=("wire.change", "pubStatus", "wire.provider", "headline", "uri"),
        sort=("receivedAt",),
        only=Is("wire.change", ("correction", "refile", "kill", "hold", "release")),
    )
    slowest = SavedSearch(
        id="wire-slowest-articles",
        title="Wire: slowest articles",
        description="The longest from received to indexed; the trace id leads to their log lines.",
        view=view,
        columns=("latency", "wire.provider", "headline", "ingest.indexedAt", "ingest.traceId"),
        sort=("latency",),
    )
    half, most, all_but_few = (Percentile("latency", f"p{p}", p) for p in (50, 95, 99))
    figures = (
        figure("Stories", view, Count("stories")),
        figure("Killed", view, Count("killed", Is("pubStatus", ("canceled",)))),
        figure("Withheld", view, Count("withheld", Is("pubStatus", ("withheld",)))),
        figure("Received to indexed, p95 in seconds", view, most),
    )
    counted = {"count": Count("stories")}
    by_change = over_time(
        "Received, by what the version does",
        view,
        counted,
        split=Terms("wire.change", "Change", 8, "count", missing=True),
    )
    by_status = over_time(
        "Received, by status", view, counted, split=Terms("pubStatus", "Status", 5, "count", missing=True)
    )
    latency = over_time(
        "Received to indexed, in seconds", view, {"half": half, "most": most, "all": all_but_few}, line=True
    )
    feeds = table(
        "Feeds",
        view,
        {
            "feed": Terms("wire.provider", "Feed", 20, "count"),
            "format": Terms("wire.format", "Format", 3, "count"),
            "count": Count("stories"),
            "corrected": Count("corrected", _CORRECTED),
            "most": most,
        },
    )
    return Dashboard(
        id="wire-pipeline",
        title="Wire: pipeline",
        description="For operators: it counts withheld and killed stories too. Lag and dead letters are in Grafana.",
        rows=(
            Row(6, tuple((_QUARTER, each) for each in figures)),
            Row(12, ((_HALF, by_change), (_HALF, by_status))),
            Row(14, ((_HALF, latency), (_HALF, feeds))),
            Row(16, ((WIDTH, changes),)),
            Row(14, ((WIDTH, slowest),)),
        ),
        controls=(Control("wire.provider", "Feed", view), Control("wire.format", "Format", view)),
        since="now-24h",
    )
