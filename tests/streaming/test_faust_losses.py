"""Each row of the table of what Faust loses by default, against a real broker, now without a loss."""

from __future__ import annotations

import pytest

from tests.streaming.conftest import Starter
from tests.streaming.running import article, eventually

pytestmark = [pytest.mark.integration, pytest.mark.timeout(300)]


def test_an_article_that_raises_is_dead_and_no_other_is_lost(pipeline: Starter) -> None:
    """Rows 1 and 2: an exception on one message, alone or within a batch, acknowledged what it should not."""
    running = pipeline()
    running.feed((f"f{n}", article(n, text="RAISEERROR" if n == 5 else "")) for n in range(12))
    running.start()
    running.await_account(stories=11, dead=1)
    (letter,) = running.dead()
    assert letter.letter.cause == "defect"
    assert "the text asked for it" in letter.letter.error
    assert letter.letter.stage == "enrich"


def test_a_hanging_article_and_kill_9_lose_nothing(pipeline: Starter) -> None:
    """Row 3: message 5 hangs, the others are done, then kill -9: the commit had jumped over message 5."""
    running = pipeline(WIRE_STREAMING__BATCH_TIMEOUT="600", WIRE_STREAMING__BATCH="1", WIRE_TOPICS__PARTITIONS="1")
    running.feed((f"f{n}", article(n, text="HANGPROCESS" if n == 5 else "")) for n in range(12))
    running.start("clean", "enrich")
    topics = running.settings.topics
    eventually(lambda: len(running.values(topics.articles)) == 12, "all are cleaned")
    eventually(lambda: len(running.values(topics.enriched)) >= 5, "those before the hanging one are through")
    running.kill("enrich")
    running.environment["WIRE_STREAMING__BATCH_TIMEOUT"] = "3"
    running.start("enrich", "index")
    running.await_account(stories=11, dead=1)
    assert running.dead()[0].letter.cause == "hung-its-process"


def test_a_worker_that_crashes_commits_nothing_unfinished(pipeline: Starter) -> None:
    """Rows 4, 5, 8 and 9: what must not happen ends the process with an error, and commits nothing after it."""
    running = pipeline()
    running.feed((f"f{n}", article(n)) for n in range(50))
    running.start("clean")
    eventually(lambda: len(running.values(running.settings.topics.articles)) == 50, "all are cleaned")
    running.environment["WIRE_ELASTICSEARCH__API_KEY"] = "refused"
    address = running.environment["WIRE_ELASTICSEARCH__URL"]
    running.environment["WIRE_ELASTICSEARCH__URL"] = "http://127.0.0.1:9"
    running.start("enrich", "index")
    eventually(lambda: not running.running("index"), "a worker without Elasticsearch ends")
    assert running.workers[-1][1].returncode not in {0, None}
    del running.environment["WIRE_ELASTICSEARCH__API_KEY"]
    running.environment["WIRE_ELASTICSEARCH__URL"] = address
    running.start("index")
    running.await_account(stories=50)


def test_sigterm_with_unfinished_work_ends_fast_and_commits_none_of_it(pipeline: Starter) -> None:
    """Rows 6 and 7: a stop with unacknowledged messages hung, or committed them."""
    running = pipeline(WIRE_STREAMING__BATCH="4")
    running.feed((f"f{n}", article(n, text="TAKEASECOND")) for n in range(60))
    running.start("clean", "enrich")
    enriched = running.settings.topics.enriched
    eventually(lambda: len(running.values(enriched)) > 0, "enrichment is in full swing")
    seconds = running.terminate("enrich")
    assert running.workers[1][1].returncode == 0, running.log_of("enrich")
    assert seconds < 5, "a stop is promised within 5 s"
    done = len(running.values(enriched))
    assert done < 60
    running.environment["WIRE_STREAMING__ENRICH_PROCESSES"] = "8"
    running.start("enrich", "index")
    running.await_account(stories=60)
