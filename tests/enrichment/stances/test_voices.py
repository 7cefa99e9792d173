"""In whose words a statement is made, and who speaks where somebody says "I" or nobody at all."""

from __future__ import annotations

import pytest

from pipeline.article import Quote, Span
from pipeline.enrichment.stances.voices import Voices
from tests.enrichment.stances.reader import Reader


@pytest.mark.parametrize(
    ("text", "voice"),
    [
        ("Kenya condemned Ethiopia on Monday.", "narrated"),
        ("Orsola Vint said that Kenya had condemned Ethiopia.", "reported"),
        ("“Kenya condemned Ethiopia,” Orsola Vint said on Monday.", "quoted"),
        ("“I condemn Ethiopia,” Orsola Vint said on Monday.", "quoted"),
    ],
)
def test_voice(reader: Reader, text: str, voice: str) -> None:
    assert reader.one(text).voice == voice


@pytest.mark.parametrize(
    "text",
    [
        "“I condemn Ethiopia,” Orsola Vint said on Monday.",
        "“We condemn Ethiopia,” Orsola Vint told reporters.",
    ],
)
def test_the_first_person_is_the_speaker(reader: Reader, text: str) -> None:
    assert reader.told(text) == [("Orsola Vint", "Ethiopia", "against")]


def test_who_judges_in_a_quote_is_the_speaker(reader: Reader) -> None:
    told = reader.told("“Kenya's demand is unacceptable,” Orsola Vint told reporters.")
    assert told == [("Orsola Vint", "Kenya", "against")]


def test_the_first_person_of_nobody_holds_nothing(reader: Reader) -> None:
    assert reader.told("I condemn Ethiopia.") == []


def test_who_says_that_a_power_does_harm_is_against_it(reader: Reader) -> None:
    told = reader.told("Kenya said that Ethiopia had bombed the village of Lomba.")
    assert ("Kenya", "Ethiopia", "against") in told
    kinds = {one.kind for one in reader.statements("Kenya said that Ethiopia had bombed the village of Lomba.")}
    assert kinds == {"assault", "allege"}


@pytest.mark.parametrize(
    "text",
    [
        "Kenya said that Ethiopia had praised the village of Lomba.",
        "Kenya said that Ethiopia had not bombed the village of Lomba.",
        "Ethiopia said that Ethiopia had bombed the village of Lomba.",
    ],
)
def test_nothing_is_alleged_without_harm_by_another(reader: Reader, text: str) -> None:
    assert "allege" not in {one.kind for one in reader.statements(text)}


def _span(text: str, words: str) -> Span:
    at = text.index(words)
    return Span(start=at, end=at + len(words), text=words)


@pytest.mark.parametrize(
    ("kind", "words", "voice"),
    [("direct", "we go", "quoted"), ("indirect", "we go", "reported"), ("mixed", "they “must stop” now", "reported")],
)
def test_the_kind_of_a_quote_is_its_voice(kind: str, words: str, voice: str) -> None:
    text = "The envoy said we go while they “must stop” now, as agreed."
    quote = Quote.model_validate({"kind": kind, "content": [_span(text, words).model_dump()]})
    voices = Voices(text, [quote])
    assert voices.voice_at(text.index(words)) == voice
    assert voices.voice_at(0) == voices.voice_at(len(text) - 1) == "narrated"
    assert voices.quote_at(text.index(words)) == quote


def test_marks_within_a_mixed_quote_tell_its_voices() -> None:
    text = "The envoy said they “must stop” now."
    voices = Voices(text, [Quote(kind="mixed", content=[_span(text, "they “must stop” now")])])
    assert voices.voice_at(text.index("must")) == "quoted"
    assert voices.voice_at(text.index("now")) == "reported"


def test_a_cue_has_its_quote() -> None:
    text = "The envoy condemned the raid."
    quote = Quote(kind="indirect", cue=_span(text, "condemned"), content=[_span(text, "the raid")])
    voices = Voices(text, [quote])
    assert voices.cue_at(text.index("condemned") + 3) == quote
    assert voices.cue_at(0) is voices.cue_at(text.index("the raid")) is None
