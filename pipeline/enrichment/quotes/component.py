"""The spaCy component `wire_quotes`: who said what, on ``doc._.quotes``."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from spacy.language import Language
from spacy.tokens import Doc

from pipeline.article import Quote, Span
from pipeline.enrichment.quotes.grouping import group
from pipeline.enrichment.quotes.layout import layout
from pipeline.enrichment.quotes.lexicon import Lexicon, lexicon
from pipeline.enrichment.quotes.marks import quoted
from pipeline.enrichment.quotes.repair import mended
from pipeline.enrichment.quotes.rules import Quotations, reported
from pipeline.enrichment.quotes.spans import Attribution, Extent, tagged
from pipeline.enrichment.quotes.speakers import Speakers

Doc.set_extension("quotes", default=None, force=True)


class QuoteFinder:
    """Finds an article's quotes and their speakers.

    Reads ``doc.spans["attribution"]``, the parse, the quote marks and ``doc._.entities``, each as far as it is there;
    sets ``doc._.quotes``, a list of `pipeline.article.Quote` in the order of the text.
    """

    def __init__(self, words: Lexicon) -> None:
        self._words = words

    def __call__(self, doc: Doc) -> Doc:
        """Set ``doc._.quotes``."""
        doc._.quotes = quotes_of(doc, self._words)
        return doc


@Language.factory(
    "wire_quotes",
    assigns=["doc._.quotes"],
    default_config={"cue_words": None},
)
def make_quote_finder(
    nlp: Language,  # noqa: ARG001
    name: str,  # noqa: ARG001
    cue_words: str | None,
) -> QuoteFinder:
    """Make the component.

    Args:
        nlp: the pipeline it goes into.
        name: its name there.
        cue_words: a TOML file of cue words; default: ``configs/language/speech.toml``.
    """
    return QuoteFinder(lexicon(Path(cue_words) if cue_words else None))


def quotes_of(doc: Doc, words: Lexicon) -> list[Quote]:
    """An article's quotes in the order of the text."""
    plan = layout(doc)
    quotes = Quotations(quoted(doc, plan))
    spans = mended(doc, plan, quotes, tagged(doc), reported(doc, plan, quotes, words))
    entities = (doc._.entities or []) if Doc.has_extension("entities") else []
    speakers = Speakers(doc, plan, entities)
    return [_quote(doc, quotes, one, speakers.of(one)) for one in group(doc, plan, quotes.all, spans) if one.contents]


def _quote(doc: Doc, quotes: Quotations, one: Attribution, speaker: str | None) -> Quote:
    return Quote(
        speaker=speaker,
        speaker_mention=_span(doc, one.source) if one.source else None,
        kind=_kind(doc, quotes, one),
        cue=_span(doc, one.cue) if one.cue else None,
        content=[_span(doc, content) for content in one.contents],
    )


def _kind(doc: Doc, quotes: Quotations, one: Attribution) -> Literal["direct", "indirect", "mixed"]:
    """direct: every word stands between quote marks; indirect: none; mixed: some."""
    inside = outside = False
    for content in one.contents:
        place = content.start
        while place < content.end and not (inside and outside):
            quotation = quotes.at(place)
            if quotation:
                inside = True
                place = quotation.end
            else:
                outside = outside or not (doc[place].is_punct or doc[place].is_space)
                place += 1
    return "mixed" if inside and outside else "direct" if inside else "indirect"


def _span(doc: Doc, extent: Extent) -> Span:
    span = doc[extent.start : extent.end]
    return Span(start=span.start_char, end=span.end_char, text=span.text)
