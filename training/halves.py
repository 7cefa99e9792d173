"""Training the two halves, each in a process of its own; what is finished and unchanged is not trained again."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import spacy

from pipeline.errors import Fatal
from training.corpora import Corpora, sha256

CONFIGS = Path(__file__).parent / "configs"

_ONE_THREAD = {f"{library}_NUM_THREADS": "1" for library in ("OMP", "OPENBLAS", "BLIS")}


@dataclass(frozen=True)
class Half:
    """One `spacy train` run.

    Args:
        name: ``syntax`` or ``ner``; names the configuration and the folder of results.
        train: the corpus to learn from, dev: the one that chooses the checkpoint.
        vectors: the folder with the static word vectors it starts from.
        work: the folder for checkpoints and logs.
    """

    name: str
    train: Path
    dev: Path
    vectors: Path
    work: Path

    @property
    def config(self) -> Path:
        """The spaCy training configuration."""
        return CONFIGS / f"{self.name}.cfg"

    @property
    def best(self) -> Path:
        """The checkpoint with the highest score so far."""
        return self.work / self.name / "model-best"

    @property
    def _stamp(self) -> Path:
        return self.work / f"{self.name}.finished"

    def fingerprint(self) -> str:
        """What the result depends on: configuration, data, word vectors, and spaCy's version."""
        read = (self.config, self.train, self.dev, self.vectors / "vocab" / "vectors")
        return "\n".join([*map(sha256, read), spacy.__version__])

    def finished(self) -> bool:
        """Whether there is a result of exactly this configuration and data."""
        return self.best.is_dir() and self._stamp.is_file() and self._stamp.read_text() == self.fingerprint()

    def mark_finished(self) -> None:
        """Say that the result in the folder is the one of this configuration and data."""
        self._stamp.write_text(self.fingerprint())

    def run(self) -> None:
        """Train to the end, on one core; each line of progress goes to the log and, with the half's name, to stdout.

        Raises:
            Fatal: `spacy train` failed.
        """
        if self.finished():
            print(f"{self.name}: finished before, configuration and data unchanged")
            return
        self.work.mkdir(parents=True, exist_ok=True)
        log = self.work / f"{self.name}.log"
        command = [sys.executable, "-m", "spacy", "train", str(self.config), "--output", str(self.work / self.name)]
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
                print(f"{self.name}: {line}", end="", flush=True)
        if process.returncode:
            raise Fatal(f"training {self.name} ended with exit code {process.returncode}", f"read {log}")
        self.mark_finished()


def halves(corpora: Corpora, work: Path) -> tuple[Half, Half]:
    """The syntax half and the entity half."""
    vectors = work / "vectors"
    return (
        Half("syntax", corpora.path("syntax/train"), corpora.path("syntax/dev"), vectors, work),
        Half("ner", corpora.path("ner/worldwide_train"), corpora.path("ner/worldwide_dev"), vectors, work),
    )


def train(both: tuple[Half, Half]) -> None:
    """Train both halves side by side.

    Raises:
        Fatal: one of them failed; the other is left to finish first.
    """
    with ThreadPoolExecutor(max_workers=2) as pool:
        for run in [pool.submit(half.run) for half in both]:
            run.result()
