"""A summary for result lists: two whole sentences of the story, as they stand in it.

The first is its lead, the second the one that tells the most of what the rest of the story is about and the lead does
not say.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from math import log2, sqrt
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc, Span, Token

from pipeline.config import configs_dir
from pipeline.enrichment.reading import blocks_of

_LEADS = 5
"""Sentences among which the lead is sought."""

_STANDS = 0.5
"""From here on a sentence stands alone well enough for a lead."""

_LONG = 40
"""Words from which a sentence is long for a result list."""

_TERMINAL = re.compile(r"[.!?…][\"”’')\]»]*$")
_OPENING = re.compile(r"[\"“‘'«(\[]*[A-Z0-9À-Þ]")
_SPLIT = re.compile(r"(?<=[.!?…][\"”’')\]])\s+(?=\S)|(?<=[.!?…])\s+(?=[A-Z\"“‘«(])")
_PAIRS = (("“", "”"), ("«", "»"), ("(", ")"), ("[", "]"))
_QUOTED = re.compile(r"[\"“”„«»]")
_LINK = re.compile(r"https?://|www\.|\S@\S")

Doc.set_extension("summary", default=None, force=True)


class Summary:
    """Sets ``doc._.summary``: two sentences of the document with a space between, one where there is but one, or None.

    Reads blocks, sentences, tags and lemmas, entities and ``doc._.keyphrases``, each where there are any.

    Args:
        sentences: how many sentences from the top are considered.
        fewest_words: words of a sentence of the summary, at least.
        most_words: words of a sentence of the summary, at most.
    """

    def __init__(self, sentences: int = 60, fewest_words: int = 6, most_words: int = 60) -> None:
        self.sentences = sentences
        self.fewest_words = fewest_words
        self.most_words = most_words

    def __call__(self, doc: Doc) -> Doc:  # noqa: D102
        doc._.summary = summary(doc, self.sentences, self.fewest_words, self.most_words)
        return doc


@Language.factory(
    "wire_summary",
    assigns=["doc._.summary"],
    default_config={"sentences": 60, "fewest_words": 6, "most_words": 60},
)
def make_summary(nlp: Language, name: str, sentences: int, fewest_words: int, most_words: int) -> Summary:  # noqa: ARG001
    """The component; see `Summary` for its settings."""
    return Summary(sentences, fewest_words, most_words)


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence: its text, its number from the top, its telling words (lemmas), how well it stands alone (0 to 1)."""

    text: str
    number: int
    words: frozenset[str]
    standing: float


def summary(doc: Doc, most: int, fewest_words: int, most_words: int) -> str | None:
    """The summary of a document; see `Summary`."""
    weights = _weights(doc)
    usable = []
    for number, span in zip(range(most), _sentences(doc), strict=False):
        sentence = _sentence(span, number, weights)
        if fewest_words <= _length(span) <= most_words and _is_whole(sentence.text):
            usable.append(sentence)
    if not usable:
        return None
    lead = next((sentence for sentence in usable[:_LEADS] if sentence.standing >= _STANDS), usable[0])
    rest = [sentence for sentence in usable if sentence.number > lead.number]
    if not rest:
        return lead.text
    second = max(rest, key=lambda sentence: (_gain(sentence, lead, weights), -sentence.number))
    return f"{lead.text} {second.text}"


def _gain(sentence: _Sentence, lead: _Sentence, weights: dict[str, float]) -> float:
    """What it says of the story's main matters beyond the lead; what it shares with the lead counts half, as a link."""
    new = sum(weights[word] for word in sentence.words - lead.words)
    linked = sum(weights[word] for word in sentence.words & lead.words)
    position = 1 / sqrt(1 + sentence.number / 4)
    return sentence.standing * position * (new + linked / 2) / sqrt(8 + len(sentence.words))


# -- sentences -------------------------------------------------------------------------------------


def _sentences(doc: Doc) -> Iterator[Span]:
    """The sentences of the paragraphs; split by their marks where the pipeline finds none."""
    parted = doc.has_annotation("SENT_START")
    for block in blocks_of(doc, ("paragraph",)):
        yield from _mended(block.sents) if parted else _split(block)


def _mended(sentences: Iterable[Span]) -> Iterator[Span]:
    """The same sentences, those put together again that a mistake has parted: no end before, or no beginning after."""
    held: Span | None = None
    for sentence in sentences:
        if held is not None and (not _TERMINAL.search(held.text.rstrip()) or sentence.text[0].islower()):
            held = held.doc[held.start : sentence.end]
            continue
        if held is not None:
            yield held
        held = sentence
    if held is not None:
        yield held


def _split(block: Span) -> Iterator[Span]:
    text, start = block.text, 0
    for end in [*(match.start() for match in _SPLIT.finditer(text)), len(text)]:
        span = block.doc.char_span(block.start_char + start, block.start_char + end, alignment_mode="expand")
        if span is not None:
            yield span
        start = end


def _sentence(span: Span, number: int, weights: dict[str, float]) -> _Sentence:
    words = frozenset(word for token in span if (word := _lemma(token)) in weights)
    text = span.text.strip()
    return _Sentence(text, number, words, _standing(text, span, leans=number > 0))


def _length(span: Span) -> int:
    return sum(token.text[0].isalnum() for token in span)


def _is_whole(text: str) -> bool:
    """Whether it begins and ends as sentences do, on one line, with its quotes and brackets paired."""
    if "\n" in text or not _TERMINAL.search(text) or not _OPENING.match(text) or _LINK.search(text):
        return False
    paired = all(text.count(left) == text.count(right) for left, right in _PAIRS)
    return paired and text.count('"') % 2 == 0


def _standing(text: str, span: Span, *, leans: bool) -> float:
    """How well it stands alone: from 1, less for what leans on others, quotes at length, asks, or has no verb."""
    table = _table()
    lower = text.lower().replace("’", "'").lstrip("\"“‘'«([")
    standing = 1.0
    if leans and table.leaning.match(lower):  # the first of all has nothing to lean on
        standing *= 0.4
    if table.voices.search(text):
        standing *= 0.4
    if table.page.search(lower):
        standing *= 0.1
    if _QUOTED.match(text):
        standing *= 0.6
    if text.endswith(("?", "?”", '?"', "!")):
        standing *= 0.3
    if span.doc.has_annotation("TAG") and not any(token.tag_ in {"VBD", "VBZ", "VBP", "MD"} for token in span):
        standing *= 0.2
    return standing * min(1.0, _LONG / max(1, _length(span)))


# -- words -----------------------------------------------------------------------------------------

_NAMED = frozenset({"PERSON", "ORG", "GPE", "LOC", "FAC", "EVENT", "PRODUCT", "MISC"})


def _weights(doc: Doc) -> dict[str, float]:
    """How much each telling word of the story weighs: by its uses, more in names and keyphrases; used once, nothing."""
    counted: Counter[str] = Counter()
    named: set[str] = set()
    for token in doc:
        if _tells(token):
            word = _lemma(token)
            counted[word] += 1
            if token.ent_type_ in _NAMED:
                named.add(word)
    key = {word.lower() for phrase in _keyphrases(doc) for word in phrase.split()}
    return {
        word: log2(count) * (1.5 if word in named else 1.0) * (1.5 if word in key else 1.0)
        for word, count in counted.items()
        if count > 1
    }


def _keyphrases(doc: Doc) -> Sequence[str]:
    """The document's keyphrases, where another component has set them."""
    found: Sequence[str] | None = doc._.keyphrases if doc.has_extension("keyphrases") else None
    return found or ()


def _tells(token: Token) -> bool:
    if token.is_stop or not token.text[0].isalnum():
        return False
    return not token.tag_ or token.tag_.startswith(("NN", "VB", "JJ"))


def _lemma(token: Token) -> str:
    word: str = token.lemma_ or token.text
    return word.lower()


@dataclass(frozen=True, slots=True)
class _Table:
    leaning: re.Pattern[str]
    voices: re.Pattern[str]
    page: re.Pattern[str]


@cache
def _table() -> _Table:
    with (configs_dir() / "language" / "summary.toml").open("rb") as file:
        table: dict[str, Any] = tomllib.load(file)
    listed = {name: "|".join(re.escape(words) for words in table[name]) for name in table}
    return _Table(
        leaning=re.compile(rf"(?:{listed['leaning']})\b"),
        voices=re.compile(rf"(?<!\w)(?:{listed['voices']})(?!\w)"),
        page=re.compile(listed["page"]),
    )
