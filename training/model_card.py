"""What is said about the model: its sources, its licence, its scores as tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from training.corpora import SYNTAX_TESTS

ATTRIBUTION = [
    {
        "name": "UD English EWT",
        "author": "the Universal Dependencies project: Natalia Silveira, Timothy Dozat, Christopher Manning and others",
        "url": "https://github.com/UniversalDependencies/UD_English-EWT",
        "license": "CC BY-SA 4.0",
    },
    {
        "name": "GUM, the openly licensed genres",
        "author": "Amir Zeldes and others, Georgetown University",
        "url": "https://github.com/amir-zeldes/gum",
        "license": "annotations CC BY 4.0; texts under open licences of their own",
    },
    {
        "name": "en-worldwide-newswire",
        "author": "Alexander Shan, John Bauer, Riley Carlson, Christopher Manning: "
        'Do "English" Named Entity Recognizers Work Well on Global Englishes?, Findings of EMNLP 2023',
        "url": "https://github.com/stanfordnlp/en-worldwide-newswire",
        "license": "none stated; only the weights are distributed here",
    },
    {
        "name": "Universal NER, English EWT and GUM's openly licensed genres",
        "author": "Stephen Mayhew and others: Universal NER, NAACL 2024; annotations of GUM by Amir Zeldes and others",
        "url": "https://www.universalner.org",
        "license": "CC BY-SA 4.0; annotations of GUM CC BY 4.0",
    },
    {
        "name": "PolNeAR 1.0.0",
        "author": "Edward Newell, Drew Margolin, Derek Ruths: "
        "An Attribution Relations Corpus for Political News, LREC 2018",
        "url": "https://github.com/networkdynamics/PolNeAR",
        "license": "none stated; only the weights are distributed here",
    },
    {
        "name": "Who Blames or Endorses Whom?",
        "author": "Kunwoo Park, Zhufeng Pan, Jungseock Joo: Entity-to-Entity Directed Sentiment Extraction in News "
        "Text, Findings of ACL 2021",
        "url": "https://github.com/bywords/directed_sentiment_analysis",
        "license": "use for any purpose when the paper is cited; only the weights are distributed here",
    },
    {
        "name": "NewsMTSC",
        "author": "Felix Hamborg, Karsten Donnay: NewsMTSC, EACL 2021",
        "url": "https://github.com/fhamborg/NewsMTSC",
        "license": "MIT",
    },
    {
        "name": "spacy-lookups-data",
        "author": "Explosion; the English lemma tables come from WordNet 3.0, Princeton University",
        "url": "https://github.com/explosion/spacy-lookups-data",
        "license": "MIT",
    },
    {
        "name": "all-MiniLM-L6-v2, the encoder before it was fine-tuned",
        "author": "Nils Reimers and others, sentence-transformers; MiniLM by Microsoft",
        "url": "https://www.sbert.net",
        "license": "Apache-2.0",
    },
]
"""The works the weights and tables were made from."""

LICENSE = (
    "The weights and tables of this package are licensed under the Creative Commons Attribution-ShareAlike 4.0\n"
    "International licence (CC BY-SA 4.0): https://creativecommons.org/licenses/by-sa/4.0/\n\n"
    "They were made from:\n\n"
    + "\n".join(
        f"- {one['name']}, by {one['author']}.\n  {one['url']}\n  Licence: {one['license']}\n" for one in ATTRIBUTION
    )
    + "\nNo text of these works is contained in the package.\n"
)

_TITLES = {"ewt_test": "EWT test", "gum_test": "GUM test", "gum_news_test": "GUM news"}

_BASELINES = {"ewt_test": "93.1 / 81.8", "gum_test": "95.5 / 81.8", "gum_news_test": "96.1 / 81.4"}
"""TAG and LAS of the spaCy CNN (hash embeddings 96x4, trained to the end) that this one was to beat."""

_COLUMNS = ("tag_acc", "pos_acc", "lemma_acc", "dep_uas", "dep_las", "sents_f_raw", "dep_las_raw")

_SINGLE = {"syntax": "dep_las", "entities": "ents_f", "attribution": "content_f"}
"""The figure by which a task trained alone is compared with all of them trained together."""


def score_tables(meta: dict[str, Any]) -> str:
    """The scores in meta.json as Markdown tables, in percent."""
    scores = meta["scores"]
    speed = scores["news"]["words_per_second"]
    parts = [
        _syntax_table(scores),
        _entities_table(scores["worldwide_dev"]),
        _attribution_table(scores["attribution_dev"]),
        _stance_table(scores),
        _single_table(scores, meta["scores_of_single_tasks"]),
        f"Speed: {speed:,.0f} tokens a second of one core, every component, on paragraphs of real newswire.\n",
    ]
    return "\n".join(part for part in parts if part)


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def _percent(value: float) -> str:
    return f"{100 * value:.1f}"


def _syntax_table(scores: dict[str, Any]) -> str:
    heads = ["", "TAG", "UPOS", "lemma", "UAS", "LAS", "sentence F, raw text", "LAS, raw text", "CNN: TAG / LAS"]
    rows = (
        [_TITLES[name], *(_percent(scores[name][column]) for column in _COLUMNS), _BASELINES[name]]
        for name in SYNTAX_TESTS
    )
    return _table(heads, rows)


def _entities_table(found: dict[str, float]) -> str:
    rows = [
        ["**all types, raw text**", f"**{_percent(found['ents_f_raw'])}**"],
        ["all types, gold tokens", _percent(found["ents_f"])],
        ["precision, recall, gold tokens", f"{_percent(found['ents_p'])}, {_percent(found['ents_r'])}"],
    ]
    types = {name: found[f"ents_f_{name}"] for name in types_of(found)}
    rows += [[name, _percent(f)] for name, f in sorted(types.items(), key=lambda item: -item[1])]
    rows += [
        [f"all types, words in {name} case", _percent(found[f"ents_f_{name}"])] for name in ("upper", "lower", "title")
    ]
    return _table(["entities, worldwide newswire, dev", "F"], rows)


def types_of(found: dict[str, float]) -> list[str]:
    """The types of entities that scores name, as in ``ents_f_ORG``."""
    names = (key.removeprefix("ents_f_") for key in found if key.startswith("ents_f_"))
    return sorted(name for name in names if name.isupper())


def _attribution_table(found: dict[str, float]) -> str:
    parts = ("source", "cue", "content")
    rows = ([part, *(_percent(found[f"{part}_{letter}"]) for letter in "prf")] for part in parts)
    return _table(["attribution, political news, dev, exact spans of the model alone", "P", "R", "F"], rows)


def _stance_table(scores: dict[str, Any]) -> str:
    heads = ["stance, the model alone", "macro F1", "favor", "against", "neutral", "polarity when forced"]
    columns = ("macro_f", "favor_f", "against_f", "neutral_f", "polarity")
    names = {
        "stance_valid": "holder toward target, Park et al., valid",
        "tone_dev_rw": "author toward target, NewsMTSC, dev rw",
        "tone_dev_mt": "author toward target, NewsMTSC, dev mt",
    }
    return _table(
        heads, ([title, *(_percent(scores[name][column]) for column in columns)] for name, title in names.items())
    )


def _single_table(scores: dict[str, Any], single: dict[str, Any]) -> str:
    """Every task together against this task alone; nothing where none was trained alone."""
    rows = []
    for task, alone in single.items():
        for name, values in alone.items():
            key = _SINGLE[task]
            rows.append([f"{_TITLES.get(name, name)}, {key}", _percent(scores[name][key]), _percent(values[key])])
    return _table(["one encoder for all tasks, or for one", "all", "one"], rows) if rows else ""


def model_card(meta: dict[str, Any]) -> str:
    """The README.md of the package."""
    sources = "\n".join(f"- [{one['name']}]({one['url']}), {one['author']}. {one['license']}." for one in ATTRIBUTION)
    return f"""\
# en_wire_core {meta["version"]}

An English spaCy pipeline for newswire: {", ".join(meta["pipeline"])}. It runs on the CPU and needs spaCy
{meta["spacy_version"]}, onnxruntime and tokenizers.

    import spacy
    nlp = spacy.load("en_wire_core")

{meta["notes"]}
Tags are Penn Treebank's, dependencies Universal Dependencies'. Sources, cues and contents of attributions
are spans in `doc.spans["attribution"]`. Feed it paragraphs. `nlp.get_pipe("wire_pairs").stances(doc, pairs)` gives
the stance of holders toward targets, both given as words of the document.

## Scores

{score_tables(meta)}
LAS and UAS leave punctuation out; tags, lemmas and dependencies are of gold tokens and sentences unless raw text is
named. Spans are found only if exactly right.

## Limits

FAC, MISC and PRODUCT are weak. There is no GPE: countries and cities are LOC. Of nested attributions the outermost is
found.

## Licence and sources

CC BY-SA 4.0, see LICENSE. Made from:

{sources}
"""
