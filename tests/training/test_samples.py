"""What the encoder is given to learn: a number a word, and nothing where a corpus does not know."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import spacy
from en_wire_core.bioes import tags_of
from spacy.tokens import Doc, DocBin, Span
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace

from training.corpora import Corpora
from training.labels import Labels, labels_of
from training.samples import IGNORED, attribution_samples, entity_samples, syntax_samples

TEXT = "“We sail,” she said.\n\nOru, the pilots’ chief, agreed that it is late."


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    found = Tokenizer(WordLevel({"[UNK]": 0}, unk_token="[UNK]"))
    found.pre_tokenizer = Whitespace()
    return found


@pytest.fixture
def corpora(tmp_path: Path) -> Corpora:
    vocab = spacy.blank("en").vocab
    words = ["Ada", "Lamont", "sailed", ".", "It", "rained", "."]
    tree = Doc(
        vocab,
        words=words,
        tags=["NNP", "NNP", "VBD", ".", "PRP", "VBD", "."],
        pos=["PROPN", "PROPN", "VERB", "PUNCT", "PRON", "VERB", "PUNCT"],
        morphs=["Number=Sing", "Number=Sing", "", "", "", "", ""],
        heads=[2, 0, 2, 2, 5, 5, 5],
        deps=["nsubj", "flat", "ROOT", "punct", "nsubj", "ROOT", "punct"],
    )
    partly = Doc(vocab, words=words[:4], sent_starts=[True, False, False, False])
    partly.ents = [Span(partly, 0, 2, "PER")]
    news = Doc(vocab, words=["The", "Kestrel", "Union", "paid", "$3"], sent_starts=[True, False, False, False, False])
    news.ents = [Span(news, 1, 3, "ORG"), Span(news, 4, 5, "MONEY")]
    docs = dict.fromkeys(("train", "dev", "ewt_test", "gum_test", "gum_news_test"), tree)
    for folder, name, doc in (
        *(("syntax", name, doc) for name, doc in docs.items()),
        ("ner", "worldwide_train", news),
        ("ner", "worldwide_dev", news),
        ("ner", "uner_gum_train", partly),
    ):
        (tmp_path / folder).mkdir(exist_ok=True)
        DocBin(docs=[doc]).to_disk(tmp_path / folder / f"{name}.spacy")
    attributions = list(_attributions())
    (tmp_path / "attribution").mkdir()
    for name in ("train", "dev"):
        row = json.dumps({"text": TEXT, "attributions": attributions})
        (tmp_path / "attribution" / f"{name}.jsonl").write_text(row + "\n", encoding="utf-8")
    (tmp_path / "stance").mkdir()
    for name in ("directed_train", "directed_valid", "target_train", "target_dev_rw", "target_dev_mt"):
        (tmp_path / "stance" / f"{name}.jsonl").touch()
    return Corpora(tmp_path)


def _attributions() -> Iterator[dict[str, Any]]:
    def span(words: str) -> list[list[int]]:
        return [[TEXT.index(words), TEXT.index(words) + len(words)]]

    yield {"source": span("she"), "cue": span("said"), "content": span("“We sail,”")}
    nested = {"source": span("it"), "cue": span("is"), "content": span("late")}
    yield {"source": span("Oru, the pilots’ chief"), "cue": span("agreed"), "content": span("that it is late")}
    yield nested


def test_labels_are_those_of_the_corpora(corpora: Corpora) -> None:
    labels = labels_of(corpora)
    assert labels.entities == ("MONEY", "ORG")
    assert labels.deps == ("ROOT", "flat", "nsubj", "punct")
    assert "PROPN|Number=Sing" in labels.morphs
    assert "VERB" in labels.morphs


def test_a_treebank_teaches_trees_and_the_names_that_are_known(corpora: Corpora, tokenizer: Tokenizer) -> None:
    labels = Labels(("ORG", "PERSON"), ("CUE",), (".", "NNP", "PRP", "VBD"), ("VERB",), ("ROOT", "nsubj"))
    (sample,) = syntax_samples(corpora, "syntax/train", labels, tokenizer)
    assert sample.targets["governor"] == [2, 0, 2, 2, 5, 5, 5]
    assert sample.targets["dep"] == [1, IGNORED, 0, IGNORED, 1, 0, IGNORED]
    assert sample.targets["morph"] == [IGNORED, IGNORED, 0, IGNORED, IGNORED, 0, IGNORED]
    assert sample.targets["sentence"] == [1, 0, 0, 0, 1, 0, 0]
    tags = tags_of(labels.entities)
    known = [tags[number] if number != IGNORED else None for number in sample.targets["partly"]]
    assert known == ["B-PERSON", "E-PERSON", "O", "O", None, None, None]


def test_newswire_teaches_every_type(corpora: Corpora, tokenizer: Tokenizer) -> None:
    labels = labels_of(corpora)
    (sample,) = entity_samples(corpora, "ner/worldwide_train", labels, tokenizer)
    tags = tags_of(labels.entities)
    assert [tags[number] for number in sample.targets["entities"]] == ["O", "B-ORG", "E-ORG", "O", "S-MONEY"]


def test_of_nested_attributions_the_outermost_is_taught(corpora: Corpora, tokenizer: Tokenizer) -> None:
    labels = labels_of(corpora)
    (sample,) = attribution_samples(corpora, "attribution/train", labels, tokenizer)
    tags = tags_of(labels.attribution)
    told = {word: tags[number] for word, number in zip(sample.words, sample.targets["attribution"], strict=True)}
    assert (told["“"], told["sail"], told["”"]) == ("B-CONTENT", "I-CONTENT", "E-CONTENT")
    assert (told["she"], told["said"], told["agreed"]) == ("S-SOURCE", "S-CUE", "S-CUE")
    assert (told["Oru"], told["chief"], told["that"], told["it"], told["late"]) == (
        "B-SOURCE", "E-SOURCE", "B-CONTENT", "I-CONTENT", "E-CONTENT",
    )  # fmt: skip
    starts = [word for word, start in zip(sample.words, sample.starts, strict=True) if start]
    assert starts == ["“", "Oru"]
