"""What is said about the model: its sources, its licence, its scores as tables."""

from __future__ import annotations

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
        "name": "spacy-lookups-data",
        "author": "Explosion; the English lemma tables come from WordNet 3.0, Princeton University",
        "url": "https://github.com/explosion/spacy-lookups-data",
        "license": "MIT",
    },
    {
        "name": "all-MiniLM-L6-v2: the encoder of the entities, and the source of the static word vectors",
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

_BASELINES = {"ewt_test": (93.0, 79.4), "gum_test": (95.6, 81.7), "gum_news_test": (None, 79.4)}
"""TAG and LAS of the spaCy CNN this one was to beat: hash embeddings 96x4, stopped at step 3000 of 7000."""

_COLUMNS = ("tag_acc", "pos_acc", "lemma_acc", "dep_uas", "dep_las", "sents_f_raw", "dep_las_raw")


def score_tables(meta: dict[str, Any]) -> str:
    """The scores in meta.json as Markdown tables, in percent."""
    scores = meta["scores"]
    rows = [
        "| | TAG | UPOS | lemma | UAS | LAS | sentence F, raw text | LAS, raw text | baseline TAG / LAS |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for name in SYNTAX_TESTS:
        cells = [f"{100 * scores[name][column]:.1f}" for column in _COLUMNS]
        baseline = " / ".join("-" if value is None else str(value) for value in _BASELINES[name])
        rows.append(f"| {_TITLES[name]} | {' | '.join(cells)} | {baseline} |")
    found = scores["worldwide_dev"]
    rows += [
        "",
        "| entities, worldwide newswire, dev | F |",
        "|---|---|",
        f"| **all types, raw text** | **{100 * found['ents_f_raw']:.1f}** |",
        f"| all types, gold tokens | {100 * found['ents_f']:.1f} |",
        f"| precision, recall, gold tokens | {100 * found['ents_p']:.1f}, {100 * found['ents_r']:.1f} |",
    ]
    types = {key.removeprefix("ents_f_"): value for key, value in found.items() if key.startswith("ents_f_")}
    del types["raw"]
    rows += [f"| {label} | {100 * f:.1f} |" for label, f in sorted(types.items(), key=lambda item: -item[1])]
    speed = scores["news"]["words_per_second"]
    rows += ["", f"Speed: {speed:,.0f} tokens a second of one core, every component, on paragraphs of real newswire."]
    return "\n".join(rows) + "\n"


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
Tags are Penn Treebank's, dependencies Universal Dependencies'. Sentences come from the parser: feed it paragraphs.

## Scores

{score_tables(meta)}
LAS and UAS leave punctuation out; tags, lemmas and dependencies are of gold tokens and sentences unless raw text is
named. Spans are found only if exactly right.

## Limits

FAC, MISC and PRODUCT are weak. There is no GPE: countries and cities are LOC.

## Licence and sources

CC BY-SA 4.0, see LICENSE. Made from:

{sources}
"""
