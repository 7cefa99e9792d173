"""Training the encoder with all its heads at once: steps of each task take turns, so that none is forgotten."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import torch
from en_wire_core.words import SHAPES
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from tokenizers import Tokenizer

from training.batches import Batch, batches
from training.corpora import Corpora, sha256
from training.encoder import pretrained
from training.heads import WireModel
from training.labels import Labels, labels_of
from training.losses import WEIGHTS, losses
from training.samples import Sample, attribution_samples, entity_samples, syntax_samples

SEED = 20261124
EPOCHS = {"syntax": 11.5, "entities": 10.0, "attribution": 3.0}
"""How often each task's corpus is read in a joint training; a single task's run takes its own alone."""

RATE, HEAD_RATE, WARM_UP, DECAY = 1.5e-4, 1e-3, 0.05, 0.01
SAVED_EVERY = 250
"""Steps between two states on disk."""


@dataclass(slots=True)
class Task:
    """A corpus to read from again and again.

    Attributes:
        name: a key of `EPOCHS`.
        samples: its documents.
        steps: how many batches are read in all.
        done: how many were.
    """

    name: str
    samples: Sequence[Sample]
    steps: int
    done: int = 0

    def batches(self, marks: tuple[int, int], mask_id: int) -> Iterator[Batch]:
        """Endless batches, epoch by epoch, from where the task stands."""
        passed = self.done
        for epoch in count():
            for batch in batches(self.samples, marks, mask_id, random.Random(f"{SEED} {self.name} {epoch}")):
                if passed:
                    passed -= 1
                else:
                    yield batch


class JointRun:
    """A training of the encoder on some or all tasks; it goes on from its last saved state.

    Args:
        corpora: what it learns from.
        work: the folder for its state.
        tasks: keys of `EPOCHS`; all of them by default.
    """

    def __init__(self, corpora: Corpora, work: Path, tasks: Sequence[str] = tuple(EPOCHS)) -> None:
        self._corpora = corpora
        self._name = "joint" if len(tasks) == len(EPOCHS) else "-".join(tasks)
        self.folder = work / self._name
        self._tasks = tuple(tasks)
        self.tokenizer = Tokenizer.from_file(str(pretrained() / "tokenizer.json"))
        self.tokenizer.no_padding()
        self.tokenizer.no_truncation()
        self.labels: Labels = labels_of(corpora)

    @property
    def state(self) -> Path:
        """The file of the newest state."""
        return self.folder / "state.pt"

    def fingerprint(self) -> str:
        """What the result depends on: data, recipe, seed."""
        recipe = ("batches", "encoder", "heads", "joint", "labels", "losses", "samples")
        files = [*self._corpora.trained_on(), *(Path(__file__).with_name(f"{name}.py") for name in recipe)]
        return "\n".join(map(sha256, files))

    def run(self) -> WireModel:
        """Train to the end and give the model, or give the one that was trained before on the same data."""
        self.folder.mkdir(parents=True, exist_ok=True)
        torch.manual_seed(SEED)
        model = WireModel(len(SHAPES), self.labels)
        model.encoder.load_pretrained()
        finished = self.folder / "finished"
        if finished.is_file() and finished.read_text() == self.fingerprint() and self.state.is_file():
            print(f"{self._name}: finished before, recipe and data unchanged")
            model.load_state_dict(torch.load(self.state, weights_only=True)["model"])
            return model
        fingerprint = self.fingerprint()
        self._train(model)
        finished.write_text(fingerprint)
        return model

    def _train(self, model: WireModel) -> None:
        first, separator = self.tokenizer.encode("").ids
        mask_id: int = self.tokenizer.encode("[MASK]", add_special_tokens=False).ids[0]
        tasks = [self._task(name, (first, separator), mask_id) for name in self._tasks]
        total = sum(task.steps for task in tasks)
        optimizer = _optimizer(model)
        schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: _rate(step / total))
        if self.state.is_file():
            saved = torch.load(self.state, weights_only=True)
            model.load_state_dict(saved["model"])
            optimizer.load_state_dict(saved["optimizer"])
            schedule.load_state_dict(saved["schedule"])
            for task in tasks:
                task.done = saved["done"][task.name]
        streams = {task.name: task.batches((first, separator), mask_id) for task in tasks}
        model.train()
        device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        model.to(device)
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        averages: dict[str, float] = {}
        begun = time.monotonic()
        with Progress(*columns, console=Console(stderr=True)) as bar:
            shown = bar.add_task(self._name, total=total, completed=sum(task.done for task in tasks))
            while any(task.done < task.steps for task in tasks):
                task = min(tasks, key=lambda one: one.done / one.steps)
                found = self._step(model, next(streams[task.name]), optimizer, device)
                schedule.step()
                task.done += 1
                for name, loss in found.items():
                    averages[name] = 0.98 * averages.get(name, loss) + 0.02 * loss
                bar.update(shown, advance=1)
                done = sum(one.done for one in tasks)
                if done % SAVED_EVERY == 0 or done == total:
                    told = " ".join(f"{name} {value:.3f}" for name, value in averages.items())
                    print(f"{self._name}: step {done} of {total}, {time.monotonic() - begun:.0f} s: {told}", flush=True)
                    self._save(model, optimizer, schedule, tasks)
        model.to("cpu")

    def _task(self, name: str, marks: tuple[int, int], mask_id: int) -> Task:
        read = {
            "syntax": (syntax_samples, "syntax/train"),
            "entities": (entity_samples, "ner/worldwide_train"),
            "attribution": (attribution_samples, "attribution/train"),
        }
        samples_of, corpus = read[name]
        samples = samples_of(self._corpora, corpus, self.labels, self.tokenizer)
        size = sum(1 for _ in batches(samples, marks, mask_id, random.Random(SEED)))
        print(f"{self._name}: {name}: {len(samples)} documents, {size} batches an epoch", flush=True)
        return Task(name, samples, round(EPOCHS[name] * size))

    def _step(
        self, model: WireModel, batch: Batch, optimizer: torch.optim.Optimizer, device: torch.device
    ) -> dict[str, float]:
        moved = Batch(
            tuple(one.to(device) for one in batch.inputs),
            batch.sentences.to(device),
            {name: one.to(device) for name, one in batch.targets.items()},
        )
        with torch.autocast(device.type, dtype=torch.bfloat16):
            found = losses(model, moved, self.labels)
        loss = torch.stack([WEIGHTS[name] * one for name, one in found.items()]).sum()
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        return {name: one.item() for name, one in found.items()}

    def _save(
        self,
        model: WireModel,
        optimizer: torch.optim.Optimizer,
        schedule: torch.optim.lr_scheduler.LRScheduler,
        tasks: Sequence[Task],
    ) -> None:
        told = {
            "model": model.state_dict(),
            "optimizer": optimizer.state_dict(),
            "schedule": schedule.state_dict(),
            "done": {task.name: task.done for task in tasks},
        }
        fresh = self.state.with_suffix(".new")
        torch.save(told, fresh)
        fresh.replace(self.state)


def _optimizer(model: WireModel) -> torch.optim.Optimizer:
    learned = [(name, weight) for name, weight in model.named_parameters() if weight.requires_grad]
    old = [(n, w) for n, w in learned if n.startswith("encoder.") and not n.startswith("encoder.shapes")]
    fresh = [w for n, w in learned if not n.startswith("encoder.") or n.startswith("encoder.shapes")]
    return torch.optim.AdamW(
        [
            {"params": fresh, "lr": HEAD_RATE, "weight_decay": DECAY},
            {"params": [weight for _, weight in old if weight.ndim < 2], "lr": RATE, "weight_decay": 0.0},
            {"params": [weight for _, weight in old if weight.ndim >= 2], "lr": RATE, "weight_decay": DECAY},
        ]
    )


def _rate(part: float) -> float:
    """Rising at first, then falling to nothing at the end; ``part`` is the share of steps done."""
    return min(part / WARM_UP, (1 - part) / (1 - WARM_UP), 1.0) if part < 1 else 0.0
