"""The desk page as a person uses it: a real Chromium, a real Elasticsearch, articles of our own."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from tests.desk.archive import EMBARGOED, KILLED, SCRIPT, WITHHELD, DeskArchive
from tests.desk.reader import CONTRASTS, PHONE, Reader
from tests.desk.serving import serving
from tests.searching.archive import HIDDEN_WORD, ROOT
from tests.searching.interview import OPINIONATED

pytestmark = pytest.mark.integration

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")


@pytest.fixture(scope="module")
def _reader(elasticsearch_url: str, kafka: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    if not CHROMIUM or not DRIVER:
        pytest.skip("no chromium with its chromedriver: apt-get install chromium chromium-driver")
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    archive = DeskArchive(elasticsearch_url)
    driver = webdriver.Chrome(options=options, service=Service(DRIVER))
    try:
        archive.fill()
        # A raw topic that is not there: no feeds are listened to.
        others = {
            "WIRE_KAFKA__BOOTSTRAP_SERVERS": kafka,
            "WIRE_TOPICS__RAW": archive.indexing.articles,
            "WIRE_FEEDING__STATE_DIR": str(tmp_path_factory.mktemp("state")),
        }
        with serving(archive.environment | others) as (address, _):
            yield Reader(driver, address)
    finally:
        driver.quit()
        archive.remove()


@pytest.fixture
def reader(_reader: Reader) -> Iterator[Reader]:
    """The person; at the end the browser has complained of nothing but an answer that was meant."""
    _reader.expected.clear()
    _reader.complaints()
    yield _reader
    meant = tuple(f"a status of {status} " for status in _reader.expected)
    assert not [one for one in _reader.complaints() if not any(each in one for each in meant)]


def test_searching_and_reading_with_the_keyboard_alone(reader: Reader) -> None:
    reader.open("/")
    reader.press("beacon")
    reader.leave(Keys.ENTER)
    assert len(reader.all(".results > li")) == 10
    assert reader.driver.title.startswith("beacon")
    reader.press(Keys.TAB)
    assert reader.driver.switch_to.active_element.text == "Skip to the content"
    reader.tab_to(".results h3 a")
    headline = reader.driver.switch_to.active_element.text
    reader.leave(Keys.ENTER)
    assert reader.texts("h1") == [headline]


def test_the_next_page_goes_on_where_the_first_ends(reader: Reader) -> None:
    reader.open("/?q=beacon&sort=time")
    first = reader.texts(".results h3")
    reader.leave(reader.all("a[rel=next]")[0])
    second = reader.texts(".results h3")
    assert [*first, *second] == [f"Beacon {number} is lit" for number in range(12, 0, -1)]
    assert not reader.all("a[rel=next]")


def test_a_facet_narrows_the_search_and_its_condition_is_taken_away(reader: Reader) -> None:
    reader.open("/?q=beacon")
    reader.leave(next(one for one in reader.all("aside a") if one.text == "tidings"))
    assert reader.query == "beacon provider:tidings"
    assert len(reader.all(".results > li")) == 4
    reader.leave(reader.all(".chip")[0])
    assert reader.query == "beacon"
    reader.leave(reader.all(".timeline svg a .bar")[-1])
    assert reader.query == "beacon from:2026-09-13 to:2026-09-13"
    assert reader.texts(".results h3") == ["Beacon 12 is lit"]


def test_a_misspelled_query_is_put_right_by_a_click(reader: Reader) -> None:
    reader.open("/?q=baecon")
    reader.leave(reader.all(".better a")[0])
    assert reader.query == "beacon"
    reader.expected.add(400)
    reader.open("/?q=beacon+provder:tidings")
    assert reader.texts(".query mark") == ["provder"]
    reader.leave(reader.all(".problem a")[0])
    assert reader.query == "beacon provider:tidings"


def test_the_text_of_an_article_is_marked_and_a_cue_leads_to_its_statement(reader: Reader) -> None:
    reader.open(f"/article?uri={quote(OPINIONATED.uri)}")
    assert "Liisa Raudvee" in reader.texts(".body .entity.person.name")
    assert '"We will not wait until spring,"' in reader.texts(".body .quoted")
    assert reader.texts("section[aria-labelledby=who] tbody th")[:2] == ["Liisa Raudvee", "Drovnia"]
    reader.all(".body a.stance.against")[0].click()
    (statement,) = reader.all("li:target")
    assert "Stavgrad rejected the demand within hours." in statement.text


def test_versions_and_what_changed(reader: Reader) -> None:
    reader.open(f"/article?uri={ROOT}ferry")
    assert reader.texts("section[aria-labelledby=versions] del") == ["late", "wind."]
    assert reader.texts("section[aria-labelledby=versions] ins") == ["later still", "fog."]


def test_a_killed_article_is_withdrawn_and_nothing_of_what_is_held_is_anywhere(reader: Reader) -> None:
    reader.expected.add(410)
    reader.open(f"/article?uri={KILLED[0].uri}")
    assert reader.texts("h1") == ["Withdrawn"]
    assert HIDDEN_WORD not in reader.driver.page_source
    for uri in (WITHHELD.uri, EMBARGOED.uri):
        reader.expected.add(404)
        reader.open(f"/article?uri={uri}")
        assert HIDDEN_WORD not in reader.driver.page_source
        assert reader.texts("h1") == ["Not here"]
    reader.open(f"/?q={HIDDEN_WORD}")
    assert reader.texts("[role=status]") == ["Nothing found."]


def test_the_graph_and_the_table_tell_the_same_and_lead_to_the_statements(reader: Reader) -> None:
    reader.open("/stances?q=provider:gazette")
    drawn = reader.driver.execute_script(
        "return [...document.querySelectorAll('svg .edge')].map(e => e.parentNode.querySelector('title').textContent)"
    )
    assert "Dmitri Valkov → The Salt Levy: 1 against" in drawn
    assert len(drawn) == len(reader.all(".pairs .number a"))
    assert len(reader.texts(".node text")) == len(set(reader.texts(".node text")))
    row = next(one for one in reader.all(".pairs tr:not(.evidence)") if "Oskar Dalen" in one.text)
    reader.leave(row.find_element(By.CSS_SELECTOR, ".number a"))
    assert reader.all(".results .statement .label")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/?q=script", 200),
        (f"/article?uri={quote(ROOT + SCRIPT)}", 200),
        (f"/article?uri={quote(SCRIPT)}", 404),
        (f"/?q={quote(SCRIPT)}", 400),
        ("/stances?q=headline:script", 200),
        (f"/stances?holder={quote(SCRIPT)}", 200),
    ],
)
def test_a_script_of_a_feed_or_of_a_link_does_not_run(reader: Reader, path: str, status: int) -> None:
    reader.expected.add(status)
    reader.open(path)
    assert reader.driver.execute_script("return window.flag") is None
    assert reader.driver.execute_script("return document.scripts.length + document.images.length") == 0
    assert reader.driver.title.endswith("· wire desk")
    assert "&gt;&lt;script&gt;flag=1" in reader.driver.page_source


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "path", ["/?q=beacon+provider:gazette", f"/article?uri={quote(OPINIONATED.uri)}", "/stances", "/lag"]
)
def test_all_text_can_be_read_and_fits_on_a_phone(reader: Reader, path: str, scheme: str) -> None:
    reader.open(path, width=PHONE, scheme=scheme)
    assert reader.driver.execute_script(CONTRASTS) == []
    assert reader.driver.execute_script("return document.documentElement.scrollWidth") <= PHONE
