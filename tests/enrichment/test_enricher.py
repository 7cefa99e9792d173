"""Articles in, enriched articles out: what is read, where the mentions stand, what stays untouched."""

from __future__ import annotations

import re
from copy import deepcopy

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from pipeline.article import Article, Span, Translation
from pipeline.config import EnrichmentSettings
from pipeline.enrichment.enricher import Enricher
from tests.articles import cleaned
from tests.enrichment.texts import Kind, article, assert_sound, mentions, named

COPY = """Pilots of Port Arden agree

PORT ARDEN, Nov 2 (Meridian) - Tomas Orrin met the European Commission in Geneva on Monday. 🛥 Orrin’s naïve offer stood.

The European Commission's answer is due in Switzerland, where Jonas Vek has $3 million to spend, he said.
"""

WORDS = [
    "Ada Lamont",
    "Kestrel Union",
    "Ada",
    "Union",
    "Ada Lamontov",
    "the",
    "pilots",
    "naïve",
    "é",
    "🛥️",
    "北",
    "«",
    ".",
]
KINDS: list[Kind] = ["paragraph", "heading", "list", "table"]
PARAGRAPH = st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join)
BLOCKS = st.lists(st.tuples(st.sampled_from(KINDS), PARAGRAPH), max_size=5)
ANY_TEXT = st.text(st.characters(codec="utf-8"), max_size=60)


def one(enricher: Enricher, given_article: Article) -> Article:
    (enriched,) = enricher.enrich([given_article])
    return enriched


# -- offsets ---------------------------------------------------------------------------------------


def test_mentions_of_real_copy_point_at_their_words(shipped: Enricher) -> None:
    enriched = one(shipped, cleaned(COPY))
    assert_sound(enriched)
    found = {mention.text for mention in mentions(enriched)}
    assert {"Tomas Orrin", "Geneva", "European Commission", "$3 million"} <= found
    # Beyond the boat, which is one character and four bytes, nothing has moved.
    late = [m for m in mentions(enriched) if m.start > enriched.text.index("🛥")]
    assert [m for m in late if m.text == "Switzerland"]


@given(blocks=BLOCKS)
def test_every_occurrence_is_found_where_it_stands_and_nowhere_else(
    small: Enricher, blocks: list[tuple[Kind, str]]
) -> None:
    enriched = one(small, article(*blocks))
    assert_sound(enriched)
    expected = [
        (block.start + match.start(), match.group())
        for block in enriched.body
        if block.kind in {"paragraph", "list"}
        for match in re.finditer(r"(?<!\S)(?:Ada Lamont|Kestrel Union)(?!\S)", enriched.text[block.start : block.end])
    ]
    # "the Union" after "Kestrel Union" is a description of it, and may be linked.
    names = [mention for mention in mentions(enriched) if mention.kind == "name"]
    assert [(mention.start, mention.text) for mention in names] == expected


@given(blocks=BLOCKS, data=st.data())
def test_whatever_is_residue_no_mention_reaches_into_it(
    small: Enricher, blocks: list[tuple[Kind, str]], data: st.DataObject
) -> None:
    plain = article(*blocks)
    cuts = st.integers(min_value=0, max_value=len(plain.text))
    bounds = data.draw(st.lists(st.tuples(cuts, cuts).map(sorted), max_size=3))
    spans = [Span(start=a, end=b, text=plain.text[a:b]) for a, b in bounds if a < b]
    wire = plain.wire.model_copy(update={"translation": Translation(residue=spans)})
    enriched = one(small, plain.model_copy(update={"wire": wire}))
    assert_sound(enriched)
    untouched = [
        (m.start, m.text)
        for m in mentions(one(small, plain))
        if not any(span.start < m.end and m.start < span.end for span in spans)
    ]
    found = [(m.start, m.text) for m in mentions(enriched)]
    assert set(untouched) <= set(found)
    assert not any(a < start + len(text) and start < b for start, text in found for a, b in bounds if a < b)


@given(texts=st.lists(ANY_TEXT, max_size=3))
@examples(max_examples=30)
def test_no_text_however_odd_breaks_the_shipped_model(shipped: Enricher, texts: list[str]) -> None:
    assert_sound(one(shipped, article(*(f"{text} Geneva" for text in texts))))


# -- what is read ----------------------------------------------------------------------------------


def test_paragraphs_and_lists_are_read_headings_and_tables_are_not(small: Enricher) -> None:
    enriched = one(
        small,
        article(
            ("heading", "Ada Lamont speaks"),
            ("paragraph", "Ada Lamont of the Kestrel Union spoke."),
            ("table", "Kestrel Union 3 0 1"),
            ("list", "Ada Lamont, pilot"),
        ),
    )
    read = {
        (block.kind, m.text)
        for m in mentions(enriched)
        for block in enriched.body
        if block.start <= m.start < block.end and m.kind == "name"
    }
    assert read == {("paragraph", "Ada Lamont"), ("paragraph", "Kestrel Union"), ("list", "Ada Lamont")}


def test_text_that_stands_in_no_block_is_not_read(small: Enricher) -> None:
    whole = article("Ada Lamont spoke.", "Kestrel Union pilots listened.")
    assert named(one(small, whole.model_copy(update={"body": whole.body[1:]}))) == [
        ("Kestrel Union", "ORG", ["Kestrel Union"])
    ]


def test_nothing_is_named_in_untranslated_residue(small: Enricher) -> None:
    enriched = one(small, article("Ada Lamont a dit non.", "Ada Lamont spoke.", residue=["Ada Lamont a dit"]))
    assert [(m.start, m.text) for m in mentions(enriched)] == [(23, "Ada Lamont")]


def test_a_name_is_never_put_together_across_two_paragraphs(small: Enricher) -> None:
    assert named(one(small, article("They met Ada", "Lamont spoke."))) == []


@pytest.mark.parametrize("language", ["en", "en-GB", "EN", None])
def test_articles_in_a_language_of_the_model_are_read(small: Enricher, language: str | None) -> None:
    enriched = one(small, article("Ada Lamont spoke.", language=language))
    assert named(enriched) == [("Ada Lamont", "PERSON", ["Ada Lamont"])]
    assert enriched.wire.warnings == []


def test_an_article_in_another_language_passes_as_it_is_with_a_warning(small: Enricher) -> None:
    foreign, english = article("Ada Lamont a parlé.", language="fr"), article("Ada Lamont spoke.")
    passed, enriched = small.enrich([foreign, english])
    assert passed.enrich is None
    (warning,) = passed.wire.warnings
    assert "'fr'" in warning
    restored = passed.model_copy(update={"wire": passed.wire.model_copy(update={"warnings": []})})
    assert restored == foreign
    assert named(enriched) == [("Ada Lamont", "PERSON", ["Ada Lamont"])]


# -- empty -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("blocks", [(), ("",), (" \n ",), (("heading", "Ada Lamont"),)])
def test_an_article_without_words_to_read_is_enriched_with_nothing(
    shipped: Enricher, blocks: tuple[tuple[Kind, str] | str, ...]
) -> None:
    enriched = one(shipped, article(*blocks))
    assert enriched.enrich is not None
    assert enriched.enrich.entities == []
    assert enriched.enrich.model.name == "en_wire_core"
    assert Article.from_json(enriched.to_json()) == enriched


def test_no_articles_give_none(small: Enricher) -> None:
    assert list(small.enrich([])) == []


# -- the same again, and nothing else --------------------------------------------------------------


def test_enriching_is_deterministic_in_any_batch_and_with_a_model_loaded_anew(shipped: Enricher) -> None:
    batch = [cleaned(COPY), article("France and Jonas Vek."), article(), cleaned(COPY.replace("Geneva", "Oslo"))]
    first = [enriched.to_json() for enriched in shipped.enrich(batch)]
    assert [enriched.to_json() for enriched in shipped.enrich(batch)] == first
    assert [one(shipped, single).to_json() for single in batch] == first
    assert [enriched.to_json() for enriched in Enricher(EnrichmentSettings()).enrich(reversed(batch))] == first[::-1]


def test_articles_come_out_in_the_order_they_went_in_with_their_own_names(small: Enricher) -> None:
    texts = ["Ada Lamont", "nobody", "Kestrel Union", "Kestrel Union and Ada Lamont"] * 50
    enriched = list(small.enrich(article(text) for text in texts))
    assert [each.text for each in enriched] == texts
    assert [" and ".join(m.text for m in mentions(each)) or "nobody" for each in enriched] == texts


def test_enriching_leaves_the_articles_it_was_given_alone(small: Enricher) -> None:
    batch = [
        article("Ada Lamont a dit.", "Ada Lamont spoke.", residue=["a dit"]),
        article("Ada Lamont a parlé.", language="fr"),
    ]
    before = deepcopy(batch)
    enriched = list(small.enrich(batch))
    assert batch == before
    assert enriched[0] == before[0].model_copy(update={"enrich": enriched[0].enrich})


def test_enriching_again_replaces_the_enrichment_there_was(small: Enricher) -> None:
    once = one(small, article("Ada Lamont spoke."))
    assert one(small, once) == once


def test_an_enriched_article_is_read_back_as_it_was_written(shipped: Enricher) -> None:
    enriched = one(shipped, cleaned(COPY))
    assert Article.from_json(enriched.to_json()) == enriched
