"""Quotes end to end: from text, marks, parse and the tagger's spans to speakers."""

from __future__ import annotations

from typing import Any

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.tokens import Doc, Span

from pipeline.article import Entity, Mention, Quote
from pipeline.enrichment.quotes.component import quotes_of
from pipeline.enrichment.quotes.lexicon import lexicon
from pipeline.enrichment.reading import ATTRIBUTION
from tests.enrichment.quotes.docs import marked, parsed, plain

if not Doc.has_extension("entities"):
    Doc.set_extension("entities", default=None)


def entity(doc: Doc, identifier: str, *names: str, label: str = "PERSON") -> Entity:
    mentions = []
    at = 0
    for name in names:
        at = doc.text.index(name, at)
        mentions.append(Mention(start=at, end=at + len(name), text=name, kind="name"))
        at += len(name)
    return Entity(id=identifier, name=names[0], type=label, mentions=mentions)


def quotes(doc: Doc, *entities: Entity) -> list[Quote]:
    doc._.entities = list(entities)
    return quotes_of(doc, lexicon())


def parts(quote: Quote) -> tuple[str | None, str | None, list[str]]:
    return (
        quote.speaker_mention.text if quote.speaker_mention else None,
        quote.cue.text if quote.cue else None,
        [piece.text for piece in quote.content],
    )


SAID_THAT = """
Ada NNP PROPN Ada 3 nsubj
Lamont NNP PROPN Lamont 1 flat
said VBD VERB say 0 root
that IN SCONJ that 6 mark
ferries NNS NOUN ferry 6 nsubj
sail VBP VERB sail 3 ccomp
today_ NN NOUN today 6 obl
. . PUNCT . 3 punct
"""


def test_a_verb_of_speech_with_its_clause_is_an_indirect_quote() -> None:
    doc = parsed(SAID_THAT)
    (quote,) = quotes(doc, entity(doc, "e1", "Ada Lamont"))
    assert parts(quote) == ("Ada Lamont", "said", ["that ferries sail today"])
    assert (quote.kind, quote.speaker) == ("indirect", "e1")


def test_the_source_after_its_verb_beats_a_wrong_subject() -> None:
    doc = parsed("""
Ferries NNS NOUN ferry 2 nsubj
sail VBP VERB sail 0 root
today NN NOUN today 2 obl
”_ '' PUNCT ” 2 punct
, , PUNCT , 2 punct
said VBD VERB say 2 parataxis
Ada NNP PROPN Ada 6 obj
Lamont_ NNP PROPN Lamont 7 flat
. . PUNCT . 2 punct
""")
    (quote,) = quotes(doc, entity(doc, "e1", "Ada Lamont"))
    assert parts(quote) == ("Ada Lamont", "said", ["Ferries sail today ”"])
    assert (quote.kind, quote.speaker) == ("direct", "e1")


def test_according_to_needs_no_verb() -> None:
    doc = parsed("""
Ferries NNS NOUN ferry 2 nsubj
sail VBP VERB sail 0 root
today_ NN NOUN today 2 obl
, , PUNCT , 2 punct
according VBG VERB accord 7 case
to IN ADP to 5 fixed
officials_ NNS NOUN official 2 obl
. . PUNCT . 2 punct
""")
    (quote,) = quotes(doc)
    assert parts(quote) == ("officials", "according to", ["Ferries sail today"])
    assert quote.speaker is None


def test_tagged_spans_are_kept_and_a_split_quote_has_two_pieces() -> None:
    doc = marked(
        plain("“Ferries sail,” she said in Oslo. “They will not stop.”"),
        ("CONTENT", "“Ferries sail,”"),
        ("SOURCE", "she"),
        ("CUE", "said"),
        ("CONTENT", "“They will not stop.”"),
    )
    (quote,) = quotes(doc)
    assert parts(quote) == ("she", "said", ["“Ferries sail,”", "“They will not stop.”"])
    assert quote.kind == "direct"


def test_a_quote_runs_over_paragraphs() -> None:
    doc = marked(
        plain("Ada Lamont said: “Ferries sail.", "“They will not stop.”"),
        ("SOURCE", "Ada Lamont"),
        ("CUE", "said:"),
        ("CONTENT", "“Ferries sail."),
        ("CONTENT", "“They will not stop.”"),
    )
    (quote,) = quotes(doc, entity(doc, "e1", "Ada Lamont"))
    assert [piece.text for piece in quote.content] == ["“Ferries sail.", "“They will not stop.”"]
    assert quote.speaker == "e1"


def test_each_cue_takes_its_own_source_and_content() -> None:
    doc = marked(
        plain("Ada Lamont said ferries sail, while Ola Berg warned of a storm."),
        ("SOURCE", "Ada Lamont"),
        ("CUE", "said"),
        ("CONTENT", "ferries sail"),
        ("SOURCE", "Ola Berg"),
        ("CUE", "warned of"),
        ("CONTENT", "a storm"),
    )
    found = quotes(doc, entity(doc, "e1", "Ada Lamont"), entity(doc, "e2", "Ola Berg"))
    assert [(quote.speaker, quote.content[0].text) for quote in found] == [("e1", "ferries sail"), ("e2", "a storm")]


def test_an_edge_off_a_quote_mark_snaps_onto_it() -> None:
    doc = marked(
        plain("Ada Lamont said: “Ferries sail in all weathers.”"),
        ("SOURCE", "Ada Lamont"),
        ("CUE", "said:"),
        ("CONTENT", "Ferries sail in all weathers"),
    )
    (quote,) = quotes(doc)
    assert quote.content[0].text == "“Ferries sail in all weathers.”"


def test_a_participle_shares_the_source() -> None:
    doc = marked(
        plain("Ada Lamont said ferries sail, adding that the port is open."),
        ("SOURCE", "Ada Lamont"),
        ("CUE", "said"),
        ("CONTENT", "ferries sail"),
        ("CUE", "adding"),
        ("CONTENT", "that the port is open"),
    )
    first, second = quotes(doc, entity(doc, "e1", "Ada Lamont"))
    assert first.speaker == second.speaker == "e1"


@pytest.mark.parametrize(
    ("text", "source", "speaker"),
    [
        ("Minister Ada Lamont said ferries sail.", "Minister Ada Lamont", "e1"),
        ("An aide to Ada Lamont said ferries sail.", "An aide to Ada Lamont", None),
        ("Ada Lamont’s aide said ferries sail.", "Ada Lamont’s aide", None),
    ],
)
def test_who_is_only_named_in_a_source_does_not_speak(text: str, source: str, speaker: str | None) -> None:
    nlp = spacy.blank("en")
    doc = marked(nlp.make_doc(text), ("SOURCE", source), ("CUE", "said"), ("CONTENT", "ferries sail"))
    for token in doc:
        token.pos_ = {"aide": "NOUN", "to": "ADP", "Minister": "PROPN", "’s": "PART"}.get(token.text, "X")
        token.tag_ = "POS" if token.text == "’s" else "X"
    (quote,) = quotes(doc, entity(doc, "e1", "Ada Lamont"))
    assert quote.speaker == speaker


def test_an_unlinked_he_is_who_spoke_last() -> None:
    doc = marked(
        plain("Ola Berg said ferries sail.", "He said the port is open."),
        ("SOURCE", "Ola Berg"),
        ("CUE", "said"),
        ("CONTENT", "ferries sail"),
        ("SOURCE", "He"),
        ("CUE", "said"),
        ("CONTENT", "the port is open"),
    )
    assert [quote.speaker for quote in quotes(doc, entity(doc, "e1", "Ola Berg"))] == ["e1", "e1"]


BY_PROMISING = """
Ferries NNS NOUN ferry 2 nsubj
sail_ VBP VERB sail 0 root
, , PUNCT , 2 punct
said VBD VERB say 2 parataxis
Ada NNP PROPN Ada 4 nsubj
Lamont_ NNP PROPN Lamont 5 flat
. . PUNCT . 2 punct

By IN SCONJ by 2 mark
promising VBG VERB promise 0 root
to TO PART to 4 mark
build VB VERB build 2 xcomp
boats_ NNS NOUN boat 4 obj
{end}
"""


@pytest.mark.parametrize(
    ("end", "speaker"),
    [
        (". . PUNCT . 2 punct", "e1"),
        (", , PUNCT , 2 punct\nAda NNP PROPN Ada 8 nsubj\nwon_ VBD VERB win 2 conj\n. . PUNCT . 2 punct", None),
    ],
)
def test_a_gerund_without_a_main_clause_is_said_by_who_spoke_last(end: str, speaker: str | None) -> None:
    doc = marked(
        parsed(BY_PROMISING.format(end=end)),
        ("CONTENT", "Ferries sail"),
        ("CUE", "said"),
        ("SOURCE", "Ada Lamont"),
        ("CUE", "promising"),
        ("CONTENT", "to build boats"),
    )
    found = quotes(doc, entity(doc, "e1", "Ada Lamont"))
    assert [quote.speaker for quote in found] == ["e1", speaker]


def test_a_content_stays_with_the_cue_beside_it_whatever_the_parse_hangs_it_on() -> None:
    doc = marked(
        parsed("""
“_ `` PUNCT “ 3 punct
Ferries NNS NOUN ferry 3 nsubj
sail_ VBP VERB sail 0 root
. . PUNCT . 3 punct

”_ '' PUNCT ” 2 punct
added VBD VERB add 0 root
Ada_ NNP PROPN Ada 2 obj
, , PUNCT , 5 punct
assuring VBG VERB assure 2 advcl
that IN SCONJ that 8 mark
boats NNS NOUN boat 8 nsubj
float_ VBP VERB float 2 ccomp
. . PUNCT . 2 punct
"""),
        ("CONTENT", "“Ferries sail. ”"),
        ("CUE", "added"),
        ("SOURCE", "Ada"),
        ("CUE", "assuring"),
        ("CONTENT", "that boats float"),
    )
    assert [parts(quote) for quote in quotes(doc)] == [
        ("Ada", "added", ["“Ferries sail. ”"]),
        ("Ada", "assuring", ["that boats float"]),
    ]


def test_mixed_is_partly_quoted() -> None:
    doc = marked(
        plain("Ada Lamont called the port “a wonder” of the north."),
        ("SOURCE", "Ada Lamont"),
        ("CUE", "called"),
        ("CONTENT", "the port “a wonder” of the north"),
    )
    assert quotes(doc)[0].kind == "mixed"


def test_a_short_quotation_without_a_cue_is_no_quote() -> None:
    assert quotes(plain("The “ghost ferry” left the port at noon.")) == []


def test_the_component_is_registered_and_empty_text_has_no_quotes() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("wire_quotes")
    assert nlp("")._.quotes == []


texts = st.text(alphabet=st.sampled_from("“”\"«»' ab.,:\nsaid\u200bم😀"), max_size=80)


@given(texts, st.lists(st.tuples(st.integers(0, 40), st.integers(1, 6), st.sampled_from(["SOURCE", "CUE", "CONTENT"]))))
@settings(max_examples=150, deadline=None)
def test_offsets_are_exact_whatever_the_text_and_the_spans(text: str, spans: list[tuple[int, int, Any]]) -> None:
    doc = plain(text)
    doc.spans[ATTRIBUTION] = [
        Span(doc, start, min(start + length, len(doc)), label=label)
        for start, length, label in spans
        if start < len(doc)
    ]
    for quote in quotes(doc):
        pieces = [*quote.content, *(one for one in (quote.cue, quote.speaker_mention) if one)]
        assert quote.content
        for piece in pieces:
            assert text[piece.start : piece.end] == piece.text
        starts = [piece.start for piece in quote.content]
        assert starts == sorted(starts)
