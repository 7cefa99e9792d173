"""Training tagger, morphologizer and parser with `spacy train`; what is finished and unchanged is not trained again."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import spacy

from pipeline.errors import Fatal
from training.corpora import Corpora, sha256

CONFIG = Path(__file__).parent / "configs" / "syntax.cfg"

_ONE_THREAD = {f"{library}_NUM_THREADS": "1" for library in ("OMP", "OPENBLAS", "BLIS")}


@dataclass(frozen=True)
class SyntaxRun:
    """One `spacy train` run.

    Args:
        train: the corpus to learn from, dev: the one that chooses the checkpoint.
        vectors: the folder with the static word vectors it starts from.
        work: the folder for checkpoints and logs.
    """

    train: Path
    dev: Path
    vectors: Path
    work: Path

    @property
    def best(self) -> Path:
        """The checkpoint with the highest score so far."""
        return self.work / "syntax" / "model-best"

    @property
    def _stamp(self) -> Path:
        return self.work / "syntax.finished"

    def fingerprint(self) -> str:
        """What the result depends on: configuration, data, word vectors, and spaCy's version."""
        read = (CONFIG, self.train, self.dev, self.vectors / "vocab" / "vectors")
        return "\n".join([*map(sha256, read), spacy.__version__])

    def finished(self) -> bool:
        """Whether there is a result of exactly this configuration and data."""
        return self.best.is_dir() and self._stamp.is_file() and self._stamp.read_text() == self.fingerprint()

    def mark_finished(self) -> None:
        """Say that the result in the folder is the one of this configuration and data."""
        self._stamp.write_text(self.fingerprint())

    def run(self) -> None:
        """Train to the end, on one core; each line of progress goes to the log and to stdout.

        Raises:
            Fatal: `spacy train` failed.
        """
        if self.finished():
            print("syntax: finished before, configuration and data unchanged")
            return
        self.work.mkdir(parents=True, exist_ok=True)
        log = self.work / "syntax.log"
        command = [sys.executable, "-m", "spacy", "train", str(CONFIG), "--output", str(self.work / "syntax")]
        for name in ("train", "dev", "vectors"):
            command += [f"--paths.{name}", str(getattr(self, name))]
        with (
            log.open("w", encoding="utf-8") as file,
            subprocess.Popen(
                command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=os.environ | _ONE_THREAD
            ) as process,
        ):
            for line in process.stdout or ():
                file.write(line)
                file.flush()
                print(f"syntax: {line}", end="", flush=True)
        if process.returncode:
            raise Fatal(f"training syntax ended with exit code {process.returncode}", f"read {log}")
        self.mark_finished()


def syntax_run(corpora: Corpora, work: Path) -> SyntaxRun:
    """The run on these corpora."""
    return SyntaxRun(corpora.path("syntax/train"), corpora.path("syntax/dev"), work / "vectors", work)
