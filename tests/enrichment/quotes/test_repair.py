"""Where the rules overrule the tagger, and where neither finds content."""

from __future__ import annotations

from tests.enrichment.quotes.docs import marked, parsed
from tests.enrichment.quotes.test_component import entity, parts, quotes

ADDED_THE_MAYOR = """
The DT DET the 2 det
captain NN NOUN captain 3 nsubj
promised VBD VERB promise 0 root
me PRP PRON I 3 obj
new JJ ADJ new 6 amod
boats_ NNS NOUN boat 3 obj
”_ '' PUNCT ” 3 punct
, , PUNCT , 3 punct
added VBD VERB add 3 parataxis
the DT DET the 11 det
mayor_ NN NOUN mayor 9 nsubj
. . PUNCT . 3 punct
"""


def test_after_a_closed_quotation_the_inverted_source_beats_the_tagger() -> None:
    doc = marked(
        parsed(ADDED_THE_MAYOR),
        ("SOURCE", "The captain"),
        ("CUE", "promised"),
        ("CONTENT", "me new boats”"),
        ("CUE", "added"),
        ("CONTENT", "the mayor"),
    )
    assert [parts(quote) for quote in quotes(doc)] == [("the mayor", "added", ["The captain promised me new boats”"])]


def test_a_content_that_runs_over_cue_and_source_is_cut() -> None:
    doc = marked(parsed(ADDED_THE_MAYOR), ("CONTENT", "The captain promised me new boats”, added the mayor"))
    assert [parts(quote) for quote in quotes(doc)] == [("the mayor", "added", ["The captain promised me new boats”"])]


def test_a_tagged_content_that_agrees_with_the_rules_keeps_its_edges() -> None:
    doc = marked(
        parsed(ADDED_THE_MAYOR), ("CONTENT", "promised me new boats”"), ("CUE", "added"), ("SOURCE", "the mayor")
    )
    assert [parts(quote) for quote in quotes(doc)] == [("the mayor", "added", ["promised me new boats”"])]


def test_without_a_quotation_the_tagger_is_kept() -> None:
    doc = marked(
        parsed(
            ADDED_THE_MAYOR.replace("”_ '' PUNCT ” 3 punct", "today_ NN NOUN today 3 obl").replace("boats_", "boats")
        ),
        ("SOURCE", "The captain"),
        ("CUE", "promised"),
        ("CONTENT", "me new boats today"),
        ("CUE", "added"),
        ("CONTENT", "the mayor"),
    )
    assert [parts(quote) for quote in quotes(doc)] == [
        ("The captain", "promised", ["me new boats today"]),
        ("The captain", "added", ["the mayor"]),
    ]


A_FEW_WORDS = """
Ada NNP PROPN Ada 2 nsubj
said VBD VERB say 0 root
a DT DET a 5 det
few JJ ADJ few 5 amod
{noun} NNS NOUN {noun} 8 {dep}
before IN ADP before 8 mark
guests NNS NOUN guest 8 nsubj
left_ VBD VERB leave 2 ccomp
. . PUNCT . 2 punct
"""


def test_words_and_prayers_are_no_content() -> None:
    doc = parsed(A_FEW_WORDS.format(noun="words", dep="obj"))
    assert quotes(doc) == []
    assert quotes(marked(doc, ("SOURCE", "Ada"), ("CUE", "said"))) == []


def test_words_that_do_something_are_content() -> None:
    (quote,) = quotes(parsed(A_FEW_WORDS.format(noun="words", dep="nsubj")))
    assert parts(quote) == ("Ada", "said", ["a few words before guests left"])


def test_other_objects_are_content() -> None:
    (quote,) = quotes(marked(parsed(A_FEW_WORDS.format(noun="verses", dep="obj")), ("SOURCE", "Ada"), ("CUE", "said")))
    assert parts(quote) == ("Ada", "said", ["a few verses before guests left"])


ALSO_REFERRING = """
referring VBG VERB refer 9 advcl
to IN ADP to 15 case
the DT DET the 15 det
strike_ NN NOUN strike 12 obl
. . PUNCT . 3 punct
""".strip()


def test_a_participle_shares_the_source_behind_the_cue_before_it() -> None:
    doc = marked(
        parsed(
            ADDED_THE_MAYOR.replace("mayor_ NN NOUN mayor 9", "mayor NN NOUN mayor 12").replace(
                ". . PUNCT . 3 punct", ALSO_REFERRING
            )
        ),
        ("CONTENT", "The captain promised me new boats”"),
        ("CUE", "added"),
        ("SOURCE", "the mayor"),
        ("CUE", "referring to"),
        ("CONTENT", "the strike"),
    )
    assert [(parts(quote), quote.speaker) for quote in quotes(doc, entity(doc, "e1", "the mayor"))] == [
        (("the mayor", "added", ["The captain promised me new boats”"]), "e1"),
        (("the mayor", "referring to", ["the strike"]), "e1"),
    ]
