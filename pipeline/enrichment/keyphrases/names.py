"""Keyphrases that are names: of the entities of the story."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from spacy.tokens import Doc, Span

from pipeline.article import Entity
from pipeline.enrichment.keyphrases.candidates import Candidate
from pipeline.enrichment.keyphrases.words import CALENDAR, TOP, WORD, table

NAMES = {"PERSON": 1.0, "ORG": 0.9, "GPE": 0.8, "LOC": 0.8, "EVENT": 1.0, "PRODUCT": 0.9, "FAC": 0.7, "MISC": 0.6}
"""Labels of entities that make keyphrases, and how much a name of each tells."""

_ARTICLE = re.compile(r"^(?:the|a|an)\s+", re.IGNORECASE)
_POSSESSIVE = re.compile(r"[’']s?$")


def names(doc: Doc, blocks: Sequence[Span]) -> list[Candidate]:
    """The names used more than once or at the top; of ``doc._.entities`` where it is set, else of ``doc.ents``."""
    block_of = {word: number for number, block in enumerate(blocks) for word in range(block.start, block.end)}
    linked: list[Entity] | None = doc._.entities if Doc.has_extension("entities") else None
    found = _linked(doc, linked, block_of) if linked else _unlinked(doc.ents, block_of)
    return [name for name in found if _is_name(name.text) and (name.uses > 1 or name.first < TOP)]


def _linked(doc: Doc, entities: Iterable[Entity], block_of: Mapping[int, int]) -> list[Candidate]:
    """Names of linked entities, counting every mention."""
    word_at = {token.idx: token.i for token in doc}
    found = []
    for entity in entities:
        name = _bare(entity.name)
        candidate = Candidate(_compared(name), entity.type)
        for mention in entity.mentions if entity.type in NAMES and name else ():
            word = word_at.get(mention.start, -1)
            if word in block_of:
                candidate.add(name, word, block_of[word])
        if candidate.uses:
            found.append(candidate)
    return found


def _unlinked(ents: Iterable[Span], block_of: Mapping[int, int]) -> list[Candidate]:
    """Names by their spelling; a person's surname ("Orrin" beside "Tomas Orrin") counts for the one who bears it."""
    found: dict[tuple[str, ...], Candidate] = {}
    for ent in ents:
        name = _bare(ent.text)
        if ent.label_ in NAMES and ent.start in block_of and name:
            words = _compared(name)
            found.setdefault(words, Candidate(words, ent.label_)).add(name, ent.start, block_of[ent.start])
    bearers: dict[str, list[Candidate]] = {}
    for candidate in found.values():
        if candidate.label == "PERSON" and len(candidate.words) > 1:
            bearers.setdefault(candidate.words[-1], []).append(candidate)
    for words, candidate in list(found.items()):
        borne_by = bearers.get(words[0], []) if len(words) == 1 else []
        if len(borne_by) == 1:
            borne_by[0].take(candidate)
            del found[words]
    return list(found.values())


def _is_name(text: str) -> bool:
    """Whether it can be a keyphrase: not the agency that reports, no lone letter, no day or month."""
    written = len(text) > 1 and WORD.match(text) is not None
    return written and text not in table().agencies and text.lower() not in CALENDAR


def _bare(name: str) -> str:
    return _POSSESSIVE.sub("", _ARTICLE.sub("", " ".join(name.split()))).strip("-–—,;: ")


def _compared(name: str) -> tuple[str, ...]:
    return tuple(name.lower().split())
