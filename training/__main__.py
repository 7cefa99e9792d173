"""`python -m training`: train, assemble, score, package."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import spacy

from pipeline.errors import WireError
from training import package as packaging
from training.assembly import assemble
from training.corpora import Corpora
from training.export import with_components
from training.joint import EPOCHS, JointRun
from training.lemmas import lemmatizer_tables
from training.model_card import score_tables
from training.report import write_scores
from training.scoring import Scores, score, words_per_second
from training.stance import StanceRun

_ROOT = Path(__file__).parent.parent


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    parser.add_argument("--corpora", type=Path, required=True, help="folder of the corpora, see training/corpora.py")
    parser.add_argument("--work", type=Path, default=_ROOT / "training" / "work", help="states and logs")
    parser.add_argument("--package", type=Path, default=_ROOT / "models" / packaging.PACKAGE, help="the result")
    parser.add_argument(
        "--single", choices=list(EPOCHS), help="train this task alone instead, score it, and package nothing"
    )
    return parser.parse_args()


def main() -> int:
    """Train what is not yet trained, then write the package and the scores.

    Returns:
        The exit code: 0 done, 1 failed, as said on stderr.
    """
    arguments = _arguments()
    try:
        corpora = Corpora(arguments.corpora)
        if arguments.single:
            _single(arguments.single, corpora, arguments.work)
        else:
            _package(corpora, arguments.work, arguments.package)
    except WireError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _single(task: str, corpora: Corpora, work: Path) -> None:
    run = JointRun(corpora, work, [task])
    scores = score(with_components(run.run(), run.tokenizer, run.folder), corpora, [task])
    (run.folder / "scores.json").write_text(json.dumps(scores), encoding="utf-8")
    print(json.dumps(scores, indent=2))


def _package(corpora: Corpora, work: Path, package: Path) -> None:
    run = JointRun(corpora, work)
    model = run.run()
    reader = StanceRun(corpora, model.encoder, run).run()
    nlp = with_components(model, run.tokenizer, run.folder, reader)
    print("assembling", flush=True)
    packaging.start(package)
    tables = lemmatizer_tables(corpora.docs("syntax/train", spacy.blank("en").vocab))
    nlp = assemble(nlp, tables, packaging.data_folder(package))
    print("scoring", flush=True)
    scores = score(nlp, corpora, [*EPOCHS, "stance"])
    scores["news"] = {"words_per_second": round(words_per_second(nlp, corpora.news()))}
    meta = packaging.describe(nlp, scores, _scores_of_single_tasks(work), corpora)
    packaging.write(package, meta)
    write_scores(_ROOT / "docs" / "model.md", meta)
    print(score_tables(meta))


def _scores_of_single_tasks(work: Path) -> dict[str, dict[str, Scores]]:
    found = {}
    for task in EPOCHS:
        file = work / task / "scores.json"
        if file.is_file():
            found[task] = json.loads(file.read_text(encoding="utf-8"))
    return found


if __name__ == "__main__":
    sys.exit(main())
