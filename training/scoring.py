"""Scores of a pipeline on the held-out corpora, and its speed.

All scores are fractions between 0 and 1. LAS and UAS leave punctuation out (spaCy's Scorer). Spans, of entities and of
sentences, count as found only if start, end and label are exactly right, in characters of the raw text.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from itertools import islice
from typing import TypeAlias

from spacy.language import Language
from spacy.scorer import PRFScore, Scorer
from spacy.tokens import Doc
from spacy.training import Example

from training.corpora import SYNTAX_TESTS, Corpora

Scores: TypeAlias = dict[str, float]

_SYNTAX = ("tag_acc", "pos_acc", "morph_acc", "lemma_acc", "dep_uas", "dep_las")


def score(nlp: Language, corpora: Corpora) -> dict[str, Scores]:
    """Scores by corpus: the syntax tests, the entities' dev set.

    Keys ending in ``_raw`` are of raw text, read by the pipeline's own tokenizer; the rest of gold tokens (and, for
    syntax, gold sentences).
    """
    found = {}
    for name in SYNTAX_TESTS:
        gold = corpora.docs(f"syntax/{name}", nlp.vocab)
        found[name] = syntax_scores(nlp, gold)
    found["worldwide_dev"] = entity_scores(nlp, corpora.docs("ner/worldwide_dev", nlp.vocab))
    return {name: {key: round(value, 4) for key, value in scores.items()} for name, scores in found.items()}


def syntax_scores(nlp: Language, gold: list[Doc]) -> Scores:
    """Tags, morphology, lemmas and dependencies; on raw text sentences, tags and dependencies."""
    with nlp.select_pipes(disable="wire_entities"):
        given = _scores(nlp, [_with_gold_tokens(doc, sentences=True) for doc in gold], gold)
        raw_docs = list(nlp.pipe(doc.text for doc in gold))
    raw = Scorer(nlp).score([Example(found, doc) for found, doc in zip(raw_docs, gold, strict=True)])
    return {
        **{key: given[key] for key in _SYNTAX},
        "sents_f_raw": _spans(raw_docs, gold, _sentences).fscore,
        **{f"{key}_raw": raw[key] for key in ("token_f", "tag_acc", "dep_las")},
    }


def entity_scores(nlp: Language, gold: list[Doc]) -> Scores:
    """Entities, all and by type; on raw text all of them."""
    with nlp.select_pipes(enable=["wire_entities"]):
        given = list(nlp.pipe(_with_gold_tokens(doc, sentences=False) for doc in gold))
        raw = list(nlp.pipe(doc.text for doc in gold))
    every = _spans(given, gold, _entities)
    types = sorted({ent.label_ for doc in gold for ent in doc.ents})
    return {
        "ents_p": every.precision,
        "ents_r": every.recall,
        "ents_f": every.fscore,
        **{f"ents_f_{label}": _spans(given, gold, _only(label)).fscore for label in types},
        "ents_f_raw": _spans(raw, gold, _entities).fscore,
    }


def words_per_second(nlp: Language, paragraphs: Iterable[str], words: int = 60_000) -> float:
    """How many tokens, punctuation among them, the whole pipeline reads in a second of one core's time.

    Args:
        paragraphs: real text, one paragraph each.
        words: about how many tokens to read.
    """
    texts = iter(paragraphs)
    for _ in nlp.pipe(islice(texts, 50)):
        pass
    sample = list(islice(texts, words // 40))
    start = time.process_time()
    tokens = sum(map(len, nlp.pipe(sample, batch_size=128)))
    return tokens / (time.process_time() - start)


def _scores(nlp: Language, docs: list[Doc], gold: list[Doc]) -> dict[str, float]:
    examples = [Example(found, doc) for found, doc in zip(nlp.pipe(docs), gold, strict=True)]
    return dict(Scorer(nlp).score(examples))


def _with_gold_tokens(gold: Doc, *, sentences: bool) -> Doc:
    starts = [bool(token.is_sent_start) for token in gold] if sentences else None
    return Doc(
        gold.vocab,
        words=[token.text for token in gold],
        spaces=[bool(token.whitespace_) for token in gold],
        sent_starts=starts,
    )


_Span: TypeAlias = tuple[int, int, str]


def _entities(doc: Doc) -> set[_Span]:
    return {(ent.start_char, ent.end_char, ent.label_) for ent in doc.ents}


def _sentences(doc: Doc) -> set[_Span]:
    return {(sent.start_char, sent.end_char, "") for sent in doc.sents}


def _only(label: str) -> Callable[[Doc], set[_Span]]:
    return lambda doc: {span for span in _entities(doc) if span[2] == label}


def _spans(found: list[Doc], gold: list[Doc], spans: Callable[[Doc], set[_Span]]) -> PRFScore:
    total = PRFScore()
    for one, other in zip(found, gold, strict=True):
        total.score_set(spans(one), spans(other))
    return total
