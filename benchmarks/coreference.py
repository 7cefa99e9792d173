"""How well mentions are linked into entities, on documents with every mention marked (GUM's layout).

    python -m benchmarks.coreference --corpus FOLDER [--split dev|test|train] [--model NAME] [--genre GENRE]

Reads ``FOLDER/SPLIT.jsonl``: one document a line with ``text`` and ``mentions`` (``entity``, ``type``, ``start``,
``end`` in characters). Scored are the gold entities that have a proper name: at least one mention whose head word
the model tags as a proper noun, times left out. A mention's head is the root of its words in the model's parse.

Printed per run: MUC, B-cubed and CEAF-e F with their mean (the CoNLL score), singletons included. The runs:

- ``names given``: the entity spans are the gold proper names, so that only linking is measured;
- ``raw text``: the model finds the names too.

Each against the heuristic that names with the same last word are one entity. Each under two matchings of system
mentions with gold ones, one to one: ``exact``, the same words; ``head``, each holds the other's head word.
And over two sets of system entities: ``touching``, those that share a mention with a scored gold entity, and ``all``.
Peoples (NORP) are left out of both: the corpus doesn't mark adjectives.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import spacy
from scipy.optimize import linear_sum_assignment
from spacy.tokens import Doc, Span
from spacy.util import filter_spans

from pipeline.article import Article, Block, Ingest, Wire
from pipeline.enrichment.linking.component import EntityLinker
from pipeline.enrichment.linking.transliteration import plain
from pipeline.enrichment.reading import read

PROPER = ("NNP", "NNPS")
LABELS = {"person": "PERSON", "place": "GPE", "organization": "ORG", "event": "EVENT"}
_PARAGRAPH = re.compile(r"\S(?:.|\n(?!\s*\n))*")


class Place(NamedTuple):
    """Where a mention is: its words and its head word."""

    start: int
    end: int
    head: int


Entities = list[list[Place]]
Linker = Callable[[Doc], Entities]


def article(document: Mapping[str, Any]) -> Article:
    """The document as an article of paragraphs."""
    text = document["text"]
    blocks = [Block(kind="paragraph", start=m.start(), end=m.end()) for m in _PARAGRAPH.finditer(text)]
    ingest = Ingest(source=document["id"], received_at=datetime(2020, 1, 1, tzinfo=UTC))
    return Article(
        uri=document["id"], pub_status="usable", body=blocks, text=text, wire=Wire(format="text"), ingest=ingest
    )


def place(span: Span) -> Place:
    """A span's words and head."""
    return Place(span.start, span.end, span.root.i)


def gold(doc: Doc, mentions: Iterable[Mapping[str, Any]]) -> list[tuple[str, list[Place]]]:
    """The entities that have a proper name, each with its type."""
    entities: dict[str, list[Place]] = defaultdict(list)
    types: dict[str, str] = {}
    for mention in mentions:
        span = doc.char_span(mention["start"], mention["end"], alignment_mode="expand")
        if span is not None:
            entities[mention["entity"]].append(place(span))
            types.setdefault(mention["entity"], mention["type"])
    return [
        (types[name], places)
        for name, places in entities.items()
        if types[name] != "time" and any(doc[p.head].tag_ in PROPER for p in places)
    ]


def give_names(doc: Doc, entities: Iterable[tuple[str, list[Place]]]) -> None:
    """Set the entity spans to the gold proper names: the proper nouns around the head of each mention."""
    spans = []
    for kind, places in entities:
        for at in places:
            if doc[at.head].tag_ not in PROPER:
                continue
            start, end = at.head, at.head + 1
            while start > at.start and doc[start - 1].tag_ in PROPER:
                start -= 1
            while end < at.end and doc[end].tag_ in PROPER:
                end += 1
            spans.append(Span(doc, start, end, label=LABELS.get(kind, "MISC")))
    doc.set_ents(filter_spans(spans))


def linked(doc: Doc, linker: EntityLinker) -> Entities:
    """The entities our component makes."""
    entities = []
    for entity in linker(doc)._.entities:
        if entity.type != "NORP":
            spans = [
                doc.char_span(m.start, m.end, alignment_mode="expand") for m in entity.mentions if m.kind != "metonym"
            ]
            entities.append([place(span) for span in spans])
    return [entity for entity in entities if entity]


def same_last_word(doc: Doc) -> Entities:
    """The heuristic: names with the same last word are one entity."""
    entities: dict[str, list[Place]] = defaultdict(list)
    for ent in doc.ents:
        if ent.label_ not in {"DATE", "MONEY", "NORP"}:
            words = [token.text for token in ent if token.tag_ != "POS"] or [ent.text]
            entities[plain(words[-1])].append(place(ent))
    return list(entities.values())


def matched(system: Entities, wanted: Entities, *, exact: bool) -> Entities:
    """The system's entities with each mention that matches a gold one put in its place."""
    free = {at for entity in wanted for at in entity}
    by_word: dict[int, list[Place]] = defaultdict(list)
    for at in free:
        by_word[at.head].append(at)
    result = []
    for entity in system:
        places = []
        for ours in entity:
            fitting = [
                theirs
                for word in range(ours.start, ours.end)
                for theirs in by_word[word]
                if theirs in free and _fits(ours, theirs, exact=exact)
            ]
            best = min(fitting, key=lambda g: abs(g.end - g.start - ours.end + ours.start), default=None)
            if best is not None:
                free.discard(best)
            # What matches nothing keeps a place no gold mention has.
            places.append(best or Place(-1 - ours.start, ours.end, ours.head))
        result.append(places)
    return result


def _fits(ours: Place, theirs: Place, *, exact: bool) -> bool:
    if exact:
        return ours[:2] == theirs[:2]
    return ours.start <= theirs.head < ours.end and theirs.start <= ours.head < theirs.end


class Tally:
    """Sums of a metric's numerators and denominators over documents: micro-averaged, as the CoNLL scorer does."""

    def __init__(self) -> None:
        self.sums: dict[str, list[float]] = {name: [0.0] * 4 for name in ("muc", "b3", "ceaf")}

    def add(self, system: Entities, wanted: Entities) -> None:
        """One document more."""
        for name, metric in (("muc", _muc), ("b3", _b_cubed), ("ceaf", _ceaf)):
            for number, value in enumerate(metric(system, wanted)):
                self.sums[name][number] += value

    def scores(self) -> dict[str, float]:
        """F of each metric and their mean, in percent."""
        found = {}
        for name, (hit, of_wanted, hit_system, of_system) in self.sums.items():
            recall = hit / of_wanted if of_wanted else 0.0
            precision = hit_system / of_system if of_system else 0.0
            found[name] = 100 * 2 * precision * recall / (precision + recall) if precision + recall else 0.0
            found[name + "_p"], found[name + "_r"] = 100 * precision, 100 * recall
        found["mean"] = (found["muc"] + found["b3"] + found["ceaf"]) / 3
        return found


def _muc_side(entities: Entities, others: Entities) -> tuple[float, float]:
    """Links kept and links there are: Vilain et al., MUC-6, 1995."""
    where = {at: number for number, entity in enumerate(others) for at in entity}
    kept = links = 0
    for entity in entities:
        parts = {where.get(at, -1 - number) for number, at in enumerate(entity)}
        kept += len(entity) - len(parts)
        links += len(entity) - 1
    return kept, links


def _muc(system: Entities, wanted: Entities) -> tuple[float, ...]:
    return (*_muc_side(wanted, system), *_muc_side(system, wanted))


def _b_cubed_side(entities: Entities, others: Entities) -> tuple[float, float]:
    """Bagga and Baldwin, 1998: each mention's share of its entity that is with it on the other side."""
    where = {at: set(entity) for entity in others for at in entity}
    total = sum(len(set(entity) & where[at]) / len(entity) for entity in entities for at in entity if at in where)
    return total, sum(len(entity) for entity in entities)


def _b_cubed(system: Entities, wanted: Entities) -> tuple[float, ...]:
    return (*_b_cubed_side(wanted, system), *_b_cubed_side(system, wanted))


def _ceaf(system: Entities, wanted: Entities) -> tuple[float, ...]:
    """Luo, 2005, with the similarity phi-4 of entities and the best one-to-one assignment."""
    if not system or not wanted:
        return 0.0, float(len(wanted)), 0.0, float(len(system))
    likeness = np.array([[2 * len(set(a) & set(b)) / (len(a) + len(b)) for b in system] for a in wanted])
    rows, columns = linear_sum_assignment(likeness, maximize=True)
    best = float(likeness[rows, columns].sum())
    return best, float(len(wanted)), best, float(len(system))


def documents(corpus: Path, split: str, genre: str | None) -> list[dict[str, Any]]:
    """The corpus' documents of one split."""
    lines = (corpus / f"{split}.jsonl").read_text("utf-8").splitlines()
    found = [json.loads(line) for line in lines]
    return [document for document in found if genre in {None, document["genre"]}]


def runs(
    docs: Sequence[tuple[Doc, list[tuple[str, list[Place]]]]], linkers: Mapping[str, Linker]
) -> Iterator[tuple[str, dict[str, float]]]:
    """Each run's name and scores."""
    for given in (True, False):
        source = "names given" if given else "raw text"
        tallies: dict[str, Tally] = defaultdict(Tally)
        for doc, entities in docs:
            ents = list(doc.ents)
            if given:
                give_names(doc, entities)
            wanted = [places for _, places in entities]
            for name, linker in linkers.items():
                _score(f"{source:12} {name:15}", linker(doc), wanted, tallies)
            doc.set_ents(ents)
        for name, tally in tallies.items():
            yield name, tally.scores()


def _score(name: str, system: Entities, wanted: Entities, tallies: dict[str, Tally]) -> None:
    known = {at for entity in wanted for at in entity}
    for exact in (True, False):
        found = matched(system, wanted, exact=exact)
        touching = [entity for entity in found if known & set(entity)]
        matching = "exact" if exact else "head"
        tallies[f"{name} {matching:6} touching"].add(touching, wanted)
        tallies[f"{name} {matching:6} all"].add(found, wanted)


def main() -> None:
    """Score one split and print a table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.coreference", description=__doc__)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--split", default="dev", choices=("train", "dev", "test"))
    parser.add_argument("--model", default="en_wire_core")
    parser.add_argument("--genre")
    arguments = parser.parse_args()
    nlp = spacy.load(arguments.model)
    rows = documents(arguments.corpus, arguments.split, arguments.genre)
    docs = read(nlp, [article(row) for row in rows], {})
    read_docs = [(doc, gold(doc, row["mentions"])) for doc, row in zip(docs, rows, strict=True)]
    linker = EntityLinker(("DATE", "MONEY"))
    linkers: dict[str, Linker] = {"same last word": same_last_word, "wire_links": lambda doc: linked(doc, linker)}
    print(
        f"{len(rows)} documents of {arguments.split}, {sum(len(entities) for _, entities in read_docs)} named entities"
    )
    print(f"{'run':44} {'MUC':>6} {'B3':>6} {'CEAFe':>6} {'mean':>6}   precision/recall of each")
    for name, scores in runs(read_docs, linkers):
        detail = " ".join(f"{scores[m + '_p']:.0f}/{scores[m + '_r']:.0f}" for m in ("muc", "b3", "ceaf"))
        print(
            f"{name:44} {scores['muc']:6.1f} {scores['b3']:6.1f} {scores['ceaf']:6.1f} {scores['mean']:6.1f}   {detail}"
        )


if __name__ == "__main__":
    main()
