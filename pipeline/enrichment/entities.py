"""From spaCy's entity spans to the article's entities: one entry a name, with all its mentions."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from spacy.tokens import Doc

from pipeline.article import Entity, Mention, Span

_EDGES = re.compile(r"^(?:the|a|an)\s+|(?:['’]s|['’])$", re.IGNORECASE)
_SPACE = re.compile(r"\s+")


class Named(NamedTuple):
    """One entity span: offsets in characters of the article's text, the words, the type."""

    start: int
    end: int
    text: str
    type: str


def named(doc: Doc, offset: int, labels: Mapping[str, str]) -> list[Named]:
    """The entity spans of a paragraph that starts at ``offset``, their labels translated to ours."""
    found = []
    for ent in doc.ents:
        text = ent.text.strip()
        label = labels.get(ent.label_, ent.label_)
        if label and text:
            start = offset + ent.start_char + ent.text.index(text)
            found.append(Named(start, start + len(text), text, label))
    return found


def entities(spans: Iterable[Named], residue: Iterable[Span]) -> list[Entity]:
    """The article's entities, in the order of their first mention.

    Spans of one name, whatever its case and article, are one entity of the type they have most
    often. Nothing is named in untranslated residue.
    """
    masked = [(r.start, r.end) for r in residue]
    groups: dict[str, list[Named]] = {}
    for span in sorted(spans):
        if not any(start < span.end and span.start < end for start, end in masked):
            groups.setdefault(_key(span.text), []).append(span)
    return [_entity(f"e{number}", group) for number, group in enumerate(groups.values(), 1)]


def _entity(identifier: str, group: list[Named]) -> Entity:
    mentions = [Mention(start=s.start, end=s.end, text=s.text, kind="name") for s in group]
    written = Counter(_canonical(s.text) for s in group)
    types = Counter(s.type for s in group)
    return Entity(
        id=identifier,
        name=written.most_common(1)[0][0],
        type=types.most_common(1)[0][0],
        mentions=mentions,
    )


def _canonical(name: str) -> str:
    bare = _SPACE.sub(" ", _EDGES.sub("", name)).strip()
    return bare or name


def _key(name: str) -> str:
    return _canonical(name).casefold()
