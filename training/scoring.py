"""Scores of a pipeline on the held-out corpora, and its speed.

All scores are fractions between 0 and 1. LAS and UAS leave punctuation out (spaCy's Scorer). Spans, of entities,
sentences and attributions, count as found only if start, end and label are exactly right, in characters of the raw
text.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, TypeAlias

from spacy.language import Language
from spacy.scorer import PRFScore, Scorer
from spacy.tokens import Doc
from spacy.training import Example

from training.corpora import SYNTAX_TESTS, Corpora
from training.stance_scoring import stance_scores, tone_scores

Scores: TypeAlias = dict[str, float]

ATTRIBUTION = ("source", "cue", "content")
_SYNTAX = ("tag_acc", "pos_acc", "morph_acc", "dep_uas", "dep_las")


def score(nlp: Language, corpora: Corpora, tasks: Iterable[str]) -> dict[str, Scores]:
    """Scores by corpus, of the tasks asked for: ``syntax`` on its tests, the others on dev.

    Keys ending in ``_raw`` are of raw text, read by the pipeline's own tokenizer; the rest of gold tokens (and, for
    syntax, gold sentences). Attribution is scored on raw text alone.
    """
    found: dict[str, Scores] = {}
    asked = set(tasks)
    if "syntax" in asked:
        for name in SYNTAX_TESTS:
            found[name] = syntax_scores(nlp, corpora.docs(f"syntax/{name}", nlp.vocab))
    if "entities" in asked:
        found["worldwide_dev"] = entity_scores(nlp, corpora.docs("ner/worldwide_dev", nlp.vocab))
    if "attribution" in asked:
        found["attribution_dev"] = attribution_scores(nlp, corpora.rows("attribution/dev"))
    if "stance" in asked:
        found["stance_valid"] = stance_scores(nlp, corpora.rows("stance/directed_valid"))
        for name in ("rw", "mt"):
            found[f"tone_dev_{name}"] = tone_scores(nlp, corpora.rows(f"stance/target_dev_{name}"))
    return {name: {key: round(value, 4) for key, value in scores.items()} for name, scores in found.items()}


def syntax_scores(nlp: Language, gold: list[Doc]) -> Scores:
    """Tags, morphology, lemmas and dependencies; on raw text sentences, tags and dependencies."""
    keys = [*_SYNTAX, "lemma_acc"] if "lemmatizer" in nlp.pipe_names else _SYNTAX
    with nlp.select_pipes(disable=["wire_entities", "wire_attribution"]):
        given = _scores(nlp, [_with_gold_tokens(doc, sentences=True) for doc in gold], gold)
        raw_docs = list(nlp.pipe(doc.text for doc in gold))
    raw = Scorer(nlp).score([Example(found, doc) for found, doc in zip(raw_docs, gold, strict=True)])
    return {
        **{key: given[key] for key in keys},
        "sents_f_raw": _spans(raw_docs, gold, _sentences).fscore,
        **{f"{key}_raw": raw[key] for key in ("token_f", "tag_acc", "dep_las")},
    }


def entity_scores(nlp: Language, gold: list[Doc]) -> Scores:
    """Entities, all and by type; all of them on raw text, and in words of other cases."""
    with nlp.select_pipes(enable=["wire_encoder", "wire_entities"]):
        given = list(nlp.pipe(_with_gold_tokens(doc, sentences=False) for doc in gold))
        raw = list(nlp.pipe(doc.text for doc in gold))
        recased = {
            name: list(nlp.pipe(_with_gold_tokens(doc, sentences=False, change=change) for doc in gold))
            for name, change in (("upper", str.upper), ("lower", str.lower), ("title", str.title))
        }
    every = _spans(given, gold, _entities)
    types = sorted({ent.label_ for doc in gold for ent in doc.ents})
    return {
        "ents_p": every.precision,
        "ents_r": every.recall,
        "ents_f": every.fscore,
        **{f"ents_f_{label}": _spans(given, gold, _only(label)).fscore for label in types},
        "ents_f_raw": _spans(raw, gold, _entities).fscore,
        **{f"ents_f_{name}": _spans(found, gold, _entity_words).fscore for name, found in recased.items()},
    }


def attribution_scores(nlp: Language, rows: Iterable[dict[str, Any]]) -> Scores:
    """Sources, cues and contents as the model finds them, paragraph by paragraph, before any rule."""
    totals = {part: PRFScore() for part in ATTRIBUTION}
    with nlp.select_pipes(enable=["wire_encoder", "wire_attribution"]):
        for row in rows:
            found: set[_Span] = set()
            for doc, offset in nlp.pipe(_paragraphs(row["text"]), as_tuples=True):
                found |= {
                    (offset + span.start_char, offset + span.end_char, span.label_.lower())
                    for span in doc.spans["attribution"]
                }
            for part, total in totals.items():
                gold = {(start, end, part) for one in row["attributions"] for start, end in one[part]}
                total.score_set({span for span in found if span[2] == part}, gold)
    return {f"{part}_{letter}": getattr(total, name) for part, total in totals.items() for letter, name in _PRF}


_PRF = (("p", "precision"), ("r", "recall"), ("f", "fscore"))


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


def _paragraphs(text: str) -> Iterator[tuple[str, int]]:
    offset = 0
    for line in text.split("\n"):
        if line.strip():
            yield line, offset
        offset += len(line) + 1


def _scores(nlp: Language, docs: list[Doc], gold: list[Doc]) -> dict[str, float]:
    examples = [Example(found, doc) for found, doc in zip(nlp.pipe(docs), gold, strict=True)]
    return dict(Scorer(nlp).score(examples))


def _with_gold_tokens(gold: Doc, *, sentences: bool, change: Callable[[str], str] = str) -> Doc:
    starts = [bool(token.is_sent_start) for token in gold] if sentences else None
    return Doc(
        gold.vocab,
        words=[change(token.text) for token in gold],
        spaces=[bool(token.whitespace_) for token in gold],
        sent_starts=starts,
    )


_Span: TypeAlias = tuple[int, int, str]


def _entities(doc: Doc) -> set[_Span]:
    return {(ent.start_char, ent.end_char, ent.label_) for ent in doc.ents}


def _entity_words(doc: Doc) -> set[_Span]:
    """In words, not characters: a word in capitals may be longer."""
    return {(ent.start, ent.end, ent.label_) for ent in doc.ents}


def _sentences(doc: Doc) -> set[_Span]:
    return {(sent.start_char, sent.end_char, "") for sent in doc.sents}


def _only(label: str) -> Callable[[Doc], set[_Span]]:
    return lambda doc: {span for span in _entities(doc) if span[2] == label}


def _spans(found: list[Doc], gold: list[Doc], spans: Callable[[Doc], set[_Span]]) -> PRFScore:
    total = PRFScore()
    for one, other in zip(found, gold, strict=True):
        total.score_set(spans(one), spans(other))
    return total
