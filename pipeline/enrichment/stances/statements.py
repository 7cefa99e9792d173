"""From cues to statements: holders and targets as entities, voices, evidence, one statement for what is said once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from spacy.tokens import Token

from pipeline.article import Span
from pipeline.enrichment.stances.cues import Cue, Cues
from pipeline.enrichment.stances.parsed import Parsed
from pipeline.enrichment.stances.parties import Parties, Party
from pipeline.enrichment.stances.polarity import Label
from pipeline.enrichment.stances.voices import Voice, Voices

_DEEDS = frozenset({"threaten", "sanction", "coerce", "assault", "fight", "allege", "aid", "yield"})
"""Classes of what is done rather than thought: not doing it says nothing."""

_TO_SOMEBODY = frozenset({"assault", "fight", "coerce"})
"""Classes that are a stance only toward somebody, or toward what somebody does."""

_WISHES = frozenset({"demand", "want", "wish"})
"""Classes whose target is what is wished for: who demands Y's withdrawal is not for Y."""

_HARM = frozenset({"assault", "fight", "threaten", "coerce"})
_POWERS = frozenset({"GPE", "NORP", "ORG"})
_ALLEGED = 0.75
"""Certainty of what follows from an allegation."""

_FIRST_PERSON = frozenset({"i", "we"})


@dataclass(frozen=True, slots=True)
class Statement:
    """Who is for or against whom or what, as the words of the article say it.

    Attributes:
        holder: who.
        target: whom or what.
        label: what for.
        certainty: of the cue, 0 to 1.
        kind: the cue's class.
        cue: the cue as written.
        voice: in whose words.
        sentence: the number of its sentence.
        why: what changed the meaning of the cue.
    """

    holder: Party
    target: Party
    label: Label
    certainty: float
    kind: str
    cue: Span
    voice: Voice
    sentence: int
    why: tuple[str, ...]


def statements(article: Parsed) -> list[Statement]:
    """What the cues of an article state, in the order of the text; empty where there is no parse."""
    if not article.doc.has_annotation("DEP"):
        return []
    cues = Cues(article.grammar, article.words).all()
    found = [one for cue in cues if (one := _statement(cue, article)) is not None]
    return list(_once([*found, *_alleged(found, article.parties, article.voices)]))


def _statement(cue: Cue, article: Parsed) -> Statement | None:
    parties, voices = article.parties, article.voices
    place = cue.word.idx
    target = parties.target(cue.target, powers=cue.kind not in _TO_SOMEBODY, owned=cue.kind not in _WISHES)
    holder = _holder(cue.holder, place, parties, voices)
    if holder is None or target is None or not _joined(cue, holder, target):
        return None
    if cue.label == "neutral" and cue.kind in _DEEDS:
        return None
    if target.entity is None and not _fits(cue, parties):
        return None
    target = parties.without(target, cue.target, holder)
    if target.entity == holder.entity and parties.own(cue.target):
        target = replace(target, entity=None)
    if _same(holder, target):
        return None
    certainty = cue.of_phrases if target.entity is None else cue.certainty
    start, end = sorted((cue.word.i, cue.extra.i))
    if end - start > 5:
        start = end = cue.word.i
    span = cue.word.doc[start : end + 1]
    written = Span(start=span.start_char, end=span.end_char, text=span.text)
    sentence = article.plan.sentence[cue.word.i]
    return Statement(holder, target, cue.label, certainty, cue.kind, written, voices.voice_at(place), sentence, cue.why)


def _fits(cue: Cue, parties: Parties) -> bool:
    """Whether a phrase can be the target: harm is done to somebody; who worries about somebody is not against them."""
    if cue.kind in _TO_SOMEBODY:
        return parties.suffers(cue.target)
    return cue.kind != "worry" or not parties.can_hold(cue.target)


def _joined(cue: Cue, holder: Party, target: Party) -> bool:
    """Whether what only comes in by an "and" is named: phrases are not split."""
    if cue.beside_target:
        return holder.entity is not None and target.entity is not None
    return holder.entity is not None or not cue.beside_holder


def _alleged(found: Iterable[Statement], parties: Parties, voices: Voices) -> Iterator[Statement]:
    """Who says that a power does harm is against it: "Ukraine believes that Russia is seeking to destabilise ..."."""
    for one in found:
        quote = voices.quote_at(one.cue.start)
        if one.kind not in _HARM or one.label != "against" or quote is None or quote.speaker_mention is None:
            continue
        speaker = parties.spoken(quote.speaker if quote.speaker in parties.entities else None, quote.speaker_mention)
        if speaker is None or speaker.entity is None or one.holder.entity is None or _same(speaker, one.holder):
            continue
        if {parties.entities[speaker.entity].type, parties.entities[one.holder.entity].type} <= _POWERS:
            yield replace(one, holder=speaker, target=one.holder, kind="allege", certainty=_ALLEGED)


def _holder(token: Token | None, place: int, parties: Parties, voices: Voices) -> Party | None:
    """Who holds it; the speaker where it is "I", "we" or nobody else in a quote."""
    said = voices.cue_at(place)
    if said is not None and token is not None and _within(token, said.speaker_mention):
        # One of several speakers; or a word that stands for nobody who can speak.
        said = said if said.speaker in parties.entities and not parties.entity_at(token) else None
    elif said is not None and token is not None and said.speaker not in parties.entities and parties.entity_at(token):
        said = None  # the parse has a name, the tagger of attributions has none
    if said is None and token is not None and not (token.lower_ in _FIRST_PERSON and not parties.entity_at(token)):
        return parties.holder(token)
    # The tagger of attributions knows who condemns, the parse may not.
    quote = said or voices.quote_at(place)
    if quote is None or quote.speaker_mention is None:
        return parties.holder(token) if token is not None else None
    speaker = quote.speaker if quote.speaker in parties.entities else None
    return parties.spoken(speaker, quote.speaker_mention)


def _within(token: Token, span: Span | None) -> bool:
    return span is not None and span.start <= token.idx < span.end


def _same(one: Party, other: Party) -> bool:
    if one.entity is not None and one.entity == other.entity:
        return True
    return one.head < other.end and other.head < one.end


def _once(found: Iterable[Statement]) -> Iterator[Statement]:
    """One statement a sentence for a holder and a target: the surest."""
    best: dict[tuple[object, ...], Statement] = {}
    for one in found:
        key = (one.sentence, one.holder.entity or one.holder.text.start, one.target.entity or one.target.text.start)
        if key not in best or one.certainty > best[key].certainty:
            best[key] = one
    yield from best.values()
