"""From spans to entities: labels, and which spans are one name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st

from pipeline.article import Span
from pipeline.config import EnrichmentSettings
from pipeline.enrichment import Enricher
from pipeline.enrichment.entities import Named, entities, named
from tests.enrichment.texts import article
from tests.enrichment.texts import named as names_of

TEXT = "Ada Lamont of the Kestrel Union"
ENGLISH = spacy.blank("en")


def spans(*given_spans: tuple[str, str]) -> list[Named]:
    """Spans of these words and types, one after the other."""
    made: list[Named] = []
    for text, kind in given_spans:
        start = made[-1].end + 1 if made else 0
        made.append(Named(start, start + len(text), text, kind))
    return made


def grouped(found: Iterable[Named], residue: Iterable[Span] = ()) -> list[tuple[str, str, int]]:
    """Name, type and number of mentions of each entity."""
    return [(entity.name, entity.type, len(entity.mentions)) for entity in entities(found, residue)]


def read(labels: Mapping[str, str], offset: int = 0) -> list[Named]:
    """The spans a pipeline with the labels PER and ORG finds in `TEXT`, which starts at ``offset``."""
    doc = ENGLISH(TEXT)
    doc.ents = (doc.char_span(0, 10, label="PER"), doc.char_span(14, 31, label="ORG"))
    return named(doc, offset, labels)


# -- labels ----------------------------------------------------------------------------------------


def test_labels_the_setting_names_are_renamed_the_others_kept() -> None:
    assert [(span.text, span.type) for span in read({"PER": "PERSON"})] == [
        ("Ada Lamont", "PERSON"),
        ("the Kestrel Union", "ORG"),
    ]


def test_two_labels_may_become_one() -> None:
    assert {span.type for span in read({"PER": "NAME", "ORG": "NAME"})} == {"NAME"}


def test_a_label_renamed_to_nothing_is_dropped() -> None:
    assert [span.text for span in read({"PER": ""})] == ["the Kestrel Union"]


@given(st.integers(min_value=0, max_value=10**9))
def test_spans_count_from_where_the_paragraph_starts(offset: int) -> None:
    assert [(span.start - offset, span.end - offset) for span in read({}, offset)] == [(0, 10), (14, 31)]


def test_white_space_at_the_edges_is_no_part_of_a_name() -> None:
    doc = ENGLISH("met  \nAda Lamont \n")
    doc.ents = (doc[1:],)
    assert named(doc, 100, {}) == []  # without a label it is no name of ours
    doc.ents = (spacy.tokens.Span(doc, 1, len(doc), label="PERSON"),)
    assert named(doc, 100, {}) == [Named(106, 116, "Ada Lamont", "PERSON")]


def test_the_setting_reaches_the_articles(small: Enricher) -> None:
    del small  # it makes the model known
    renamed = Enricher(EnrichmentSettings(model="wire_test_model", labels={"PERSON": "HUMAN", "ORG": ""}))
    (enriched,) = renamed.enrich([article(TEXT)])
    assert names_of(enriched) == [("Ada Lamont", "HUMAN", ["Ada Lamont"])]


def test_by_default_the_common_label_per_becomes_ours() -> None:
    assert EnrichmentSettings().labels == {"PER": "PERSON"}


# -- one name, one entity --------------------------------------------------------------------------


def test_spans_of_one_name_are_one_entity_whatever_its_case_article_and_possessive() -> None:
    found = spans(
        ("the Kestrel Union", "ORG"), ("Kestrel Union", "ORG"), ("KESTREL UNION", "ORG"), ("Kestrel  Union’s", "ORG")
    )
    (entity,) = entities(found, [])
    assert (entity.id, entity.name, entity.type) == ("e1", "Kestrel Union", "ORG")
    assert [(m.start, m.end, m.text) for m in entity.mentions] == [span[:3] for span in found]
    assert {m.kind for m in entity.mentions} == {"name"}


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("the Sanka", "Sanka"),
        ("The Sanka", "Sanka"),
        ("Vance's", "Vance"),
        ("Vance’s", "Vance"),
        ("the pilots'", "pilots"),
        ("Port\nArden", "Port Arden"),
        ("Theodora", "Theodora"),
        ("Ana", "Ana"),
        ("the 's", "the 's"),  # were all of it edges, it is a name as it stands
    ],
)
def test_the_name_is_bare_of_article_and_possessive_the_mention_is_not(written: str, name: str) -> None:
    (entity,) = entities(spans((written, "ORG")), [])
    assert (entity.name, entity.mentions[0].text) == (name, written)


def test_an_entity_has_the_spelling_and_the_type_it_has_most_often() -> None:
    found = spans(("VANCE", "ORG"), ("Vance", "PERSON"), ("Vance's", "PERSON"))
    assert grouped(found) == [("Vance", "PERSON", 3)]


def test_entities_stand_in_the_order_of_their_first_mention_however_the_spans_come() -> None:
    found = spans(("Sanka", "LOC"), ("Vance", "PERSON"), ("Sanka", "LOC"))
    assert grouped(found) == [("Sanka", "LOC", 2), ("Vance", "PERSON", 1)]
    assert entities(reversed(found), []) == entities(found, [])


# -- residue ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "end", "kept"),
    [
        (0, 10, True),  # ends where the name begins
        (0, 11, False),
        (12, 13, False),
        (5, 40, False),
        (19, 30, False),
        (20, 30, True),  # begins where the name ends
    ],
)
def test_a_name_that_shares_a_character_with_residue_is_left_out(start: int, end: int, kept: bool) -> None:
    found = [Named(10, 20, "Ada Lamont", "PERSON")]
    assert bool(entities(found, [Span(start=start, end=end, text="reste")])) is kept


def test_the_other_mentions_of_a_name_in_residue_stay() -> None:
    found = spans(("Vance", "PERSON"), ("Vance", "PERSON"))
    assert grouped(found, [Span(start=0, end=3, text="Van")]) == [("Vance", "PERSON", 1)]
