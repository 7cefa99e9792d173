"""The spaCy component `wire_stances`: who is for or against whom or what, on ``doc._.stances``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc

from pipeline.article import Entity, Quote, Span, Stance
from pipeline.enrichment.stances.classifier import Asked, Classifier
from pipeline.enrichment.stances.lexicon import Lexicon, lexicon
from pipeline.enrichment.stances.parsed import Parsed
from pipeline.enrichment.stances.statements import Statement, statements
from pipeline.enrichment.stances.tone import with_tones
from pipeline.enrichment.stances.unsettled import Unsettled, unsettled
from pipeline.enrichment.stances.weighing import Verdict, weigh

CONFIDENCE = 0.5
"""Statements that are less sure are left out."""

PHRASE_CONFIDENCE = 0.6
"""The same for targets that are no entity, where the cue alone decides."""

UNSETTLED_CONFIDENCE = 0.75
"""The same where no cue speaks for them."""

Doc.set_extension("stances", default=None, force=True)


class StanceFinder:
    """Finds an article's statements of stance, and the tone of its own voice toward its main entities.

    Reads the parse, ``doc._.entities`` and ``doc._.quotes``; sets ``doc._.stances``, a list of
    `pipeline.article.Stance` in the order of the text, and the ``tone`` of ``doc._.entities``.

    Args:
        words: the lexicon.
        confidence: statements below it are left out, 0 to 1.
        phrase_confidence: the same for targets that are no entity.
        unsettled_confidence: the same for pairs that no cue joins.

    Attributes:
        classifier: the language pipeline's, if it has one; without it cues decide alone.
    """

    def __init__(
        self, words: Lexicon, confidence: float, phrase_confidence: float, unsettled_confidence: float
    ) -> None:
        self._words = words
        self._confidence = confidence
        self._phrase_confidence = phrase_confidence
        self._unsettled_confidence = unsettled_confidence
        self.classifier: Classifier | None = None

    def __call__(self, doc: Doc) -> Doc:
        """Set ``doc._.stances``."""
        entities: list[Entity] = doc._.entities or []
        quotes: list[Quote] = doc._.quotes or []
        asked = Asked(self.classifier, doc) if self.classifier is not None else None
        article = Parsed(doc, entities, quotes, self._words)
        found = statements(article)
        by_place = [*self._stated(article, found, asked)]
        if asked is not None:
            settled = {(one.sentence, one.holder.entity, one.target.entity) for one in found}
            open_pairs = [
                one
                for one in unsettled(article, entities)
                if not settled & {(one.sentence, one.holder, one.target), (one.sentence, one.target, one.holder)}
            ]
            by_place += self._guessed(article, open_pairs, asked)
            doc._.entities = with_tones(article, entities, asked)
        doc._.stances = [stance for _, stance in sorted(by_place, key=lambda one: one[0])]
        return doc

    def _stated(self, article: Parsed, found: Sequence[Statement], asked: Asked | None) -> Iterator[tuple[int, Stance]]:
        # The classifier has learned from names alone: for other targets the cue decides.
        named = [one for one in found if one.target.entity is not None]
        pairs = [((one.holder.head, one.holder.end), (one.target.head, one.target.end)) for one in named]
        likely = dict(zip(map(id, named), asked.stances(pairs), strict=True)) if asked else {}
        for one in found:
            row = likely.get(id(one))
            verdict = weigh((one.label, one.certainty), None if row is None else row.tolist())
            # The classifier may doubt what a cue says; it does not say the contrary of it.
            wanted = self._phrase_confidence if one.target.entity is None else self._confidence
            if verdict.label == one.label and verdict.confidence >= wanted:
                why = (f"cue: {one.kind}", *one.why, *(["classifier"] if verdict.by == "cue and classifier" else []))
                yield one.cue.start, _stance(article, one, verdict, why)

    def _guessed(self, article: Parsed, pairs: Sequence[Unsettled], asked: Asked) -> Iterator[tuple[int, Stance]]:
        doc = article.doc
        likely = asked.stances([(one.holder_words, one.target_words) for one in pairs])
        for one, row in zip(pairs, likely, strict=True):
            if row is None:
                continue
            verdict = weigh(None, row.tolist())
            if verdict.label != "neutral" and verdict.confidence >= self._unsettled_confidence:
                holder, target = (_words(doc, *extent) for extent in (one.holder_words, one.target_words))
                yield (
                    holder.start,
                    Stance(
                        holder=one.holder,
                        holder_text=holder.text,
                        target=one.target,
                        target_text=target.text,
                        label=verdict.label,
                        confidence=round(verdict.confidence, 3),
                        voice=article.voices.voice_at(target.start),
                        evidence=_words(doc, *article.plan.sentences[one.sentence]),
                        decided_by=["classifier"],
                    ),
                )


def _stance(article: Parsed, one: Statement, verdict: Verdict, why: Sequence[str]) -> Stance:
    return Stance(
        holder=one.holder.entity,
        holder_text=one.holder.text.text,
        target=one.target.entity,
        target_text=one.target.text.text,
        label=verdict.label,
        confidence=round(verdict.confidence, 3),
        voice=one.voice,
        cue=one.cue,
        evidence=_words(article.doc, *article.plan.sentences[one.sentence]),
        decided_by=list(why),
    )


def _words(doc: Doc, start: int, end: int) -> Span:
    while end - 1 > start and doc[end - 1].is_space:
        end -= 1
    span = doc[start:end]
    return Span(start=span.start_char, end=span.end_char, text=span.text)


@Language.factory(
    "wire_stances",
    assigns=["doc._.stances"],
    default_config={
        "cue_words": None,
        "confidence": CONFIDENCE,
        "phrase_confidence": PHRASE_CONFIDENCE,
        "unsettled_confidence": UNSETTLED_CONFIDENCE,
    },
)
def make_stance_finder(
    nlp: Language,  # noqa: ARG001
    name: str,  # noqa: ARG001
    cue_words: str | None,
    confidence: float,
    phrase_confidence: float,
    unsettled_confidence: float,
) -> StanceFinder:
    """Make the component.

    Args:
        nlp: the pipeline it goes into.
        name: its name there.
        cue_words: a TOML file of cue words; default: ``configs/language/stances.toml``.
        confidence: statements below it are left out, 0 to 1.
        phrase_confidence: the same for targets that are no entity.
        unsettled_confidence: the same for pairs that no cue joins.
    """
    return StanceFinder(
        lexicon(Path(cue_words) if cue_words else None), confidence, phrase_confidence, unsettled_confidence
    )
