"""`python -m training`: train, assemble, score, package."""

from __future__ import annotations

import argparse
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import spacy

from pipeline.errors import WireError
from training import package as packaging
from training.assembly import assemble
from training.corpora import Corpora
from training.entities import EntitiesRun
from training.lemmas import lemmatizer_tables
from training.model_card import score_tables
from training.report import write_scores
from training.scoring import score, words_per_second
from training.syntax import syntax_run
from training.vectors import write_vectors

_ROOT = Path(__file__).parent.parent


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    parser.add_argument("--corpora", type=Path, required=True, help="folder with syntax/, ner/ and news/")
    parser.add_argument("--work", type=Path, default=_ROOT / "training" / "work", help="checkpoints and logs")
    parser.add_argument("--package", type=Path, default=_ROOT / "models" / packaging.PACKAGE, help="the result")
    return parser.parse_args()


def main() -> int:
    """Train what is not yet trained, then write the package and the scores.

    Returns:
        The exit code: 0 done, 1 failed, as said on stderr.
    """
    arguments = _arguments()
    try:
        corpora = Corpora(arguments.corpora)
        syntax, entities = syntax_run(corpora, arguments.work), EntitiesRun(corpora, arguments.work)
        write_vectors(corpora, syntax.vectors)
        with ThreadPoolExecutor(max_workers=2) as pool:  # a core each
            for run in [pool.submit(syntax.run), pool.submit(entities.run)]:
                run.result()
        print("assembling", flush=True)
        packaging.start(arguments.package)
        tables = lemmatizer_tables(corpora.docs("syntax/train", spacy.blank("en").vocab))
        nlp = assemble(syntax.best, entities.component, tables, packaging.data_folder(arguments.package))
        print("scoring", flush=True)
        scores = score(nlp, corpora)
        scores["news"] = {"words_per_second": round(words_per_second(nlp, corpora.news()))}
        meta = packaging.describe(nlp, scores, corpora)
        packaging.write(arguments.package, meta)
        write_scores(_ROOT / "docs" / "model.md", meta)
    except WireError as error:
        print(error, file=sys.stderr)
        return 1
    print(score_tables(meta))
    return 0


if __name__ == "__main__":
    sys.exit(main())
