"""Training the encoder that finds entities, and its export to an int8 ONNX graph.

Whole sentences are packed into windows; words in other cases than the
corpus's and masked pieces keep it from leaning on single words or capitals.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import onnxruntime.quantization
import spacy
import torch
from en_wire_core.entities import tags_of
from en_wire_core.words import SHAPES, windows
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from spacy.tokens import Doc
from tokenizers import Tokenizer
from torch.nn import functional

from training.corpora import Corpora, sha256
from training.encoder import Encoder, pretrained
from training.scoring import entity_scores

SEED = 20261124
EPOCHS = 4
ROWS = 16
RATE, HEAD_RATE, WARM_UP, DECAY = 1.5e-4, 1e-3, 0.08, 0.01
MASKED, RECASED = 0.04, 0.06
MOST_PIECES = 400
"""Of a window whose words were recased: capitals may come in more pieces."""

_IGNORED = -100


@dataclass(frozen=True, slots=True)
class Sample:
    """A run of words and the tag of each."""

    words: list[str]
    tags: list[int]


def samples(docs: Sequence[Doc], tags: Sequence[str], tokenizer: Tokenizer) -> list[Sample]:
    """The documents in windows of whole sentences."""
    numbers = {tag: number for number, tag in enumerate(tags)}
    found = []
    for doc in docs:
        marks = ["O"] * len(doc)
        for ent in doc.ents:
            if len(ent) == 1:
                marks[ent.start] = f"S-{ent.label_}"
            else:
                marks[ent.start : ent.end] = [f"I-{ent.label_}"] * len(ent)
                marks[ent.start], marks[ent.end - 1] = f"B-{ent.label_}", f"E-{ent.label_}"
        words = [token.text for token in doc]
        for window in windows(tokenizer, words):
            chosen = window.words
            found.append(Sample([words[i] for i in chosen], [numbers[marks[i]] for i in chosen]))
    return found


def batches(data: list[Sample], tokenizer: Tokenizer, rng: random.Random) -> Iterator[dict[str, torch.Tensor]]:
    """Shuffled batches of windows of like length, some recased, some pieces masked."""
    order = sorted(range(len(data)), key=lambda i: len(data[i].words) + rng.random() * 20)
    groups = [order[start : start + ROWS] for start in range(0, len(order), ROWS)]
    rng.shuffle(groups)
    mask_id = tokenizer.token_to_id("[MASK]")
    for group in groups:
        rows = []
        for index in group:
            sample = data[index]
            words = _recased(sample.words, rng)
            window = next(windows(tokenizer, words, MOST_PIECES), None)
            if window is None:
                continue
            target = [_IGNORED] * len(window.ids)
            for word, first in zip(window.words, window.firsts, strict=True):
                target[first] = sample.tags[word]
            inner = [
                mask_id if 0 < i < len(window.ids) - 1 and rng.random() < MASKED else n
                for i, n in enumerate(window.ids)
            ]
            rows.append((inner, window.shapes, target))
        width = max(len(ids) for ids, _, _ in rows)
        yield {
            "ids": torch.tensor([ids + [0] * (width - len(ids)) for ids, _, _ in rows]),
            "shapes": torch.tensor([kinds + [0] * (width - len(kinds)) for _, kinds, _ in rows]),
            "mask": torch.tensor([[1] * len(ids) + [0] * (width - len(ids)) for ids, _, _ in rows]),
            "target": torch.tensor([target + [_IGNORED] * (width - len(target)) for _, _, target in rows]),
        }


def _recased(words: list[str], rng: random.Random) -> list[str]:
    if rng.random() >= RECASED:
        return words
    change = rng.choice((str.lower, str.upper, str.title))
    return [change(word) for word in words]


class EntitiesRun:
    """The training of the encoder; its state is written after each epoch, and it goes on from there.

    Args:
        corpora: what it learns from, and is scored on after each epoch.
        work: the folder for the state and the graphs.
    """

    def __init__(self, corpora: Corpora, work: Path) -> None:
        self._corpora = corpora
        self._work = work
        self._tokenizer = Tokenizer.from_file(str(pretrained() / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        docs = corpora.docs("ner/worldwide_train", spacy.blank("en").vocab)
        self._labels = sorted({ent.label_ for doc in docs for ent in doc.ents})
        self._samples = samples(docs, tags_of(self._labels), self._tokenizer)
        self._steps = EPOCHS * -(-len(self._samples) // ROWS)

    @property
    def component(self) -> Path:
        """The folder of the finished component, as `EncoderEntities.from_disk` reads it."""
        return self._work / "entities"

    def run(self) -> None:
        """Train to the end, unless that was done before with the same data and recipe; then export."""
        stamp, state = self._work / "entities.finished", self._work / "entities.pt"
        fingerprint = "\n".join(map(sha256, (self._corpora.path("ner/worldwide_train"), Path(__file__))))
        if stamp.is_file() and stamp.read_text() == fingerprint and self.component.is_dir():
            print("entities: finished before, recipe and data unchanged")
            return
        self._work.mkdir(parents=True, exist_ok=True)
        torch.manual_seed(SEED)
        model = Encoder(len(SHAPES), len(tags_of(self._labels)))
        model.load_pretrained()
        optimizer = _optimizer(model)
        schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: _rate(step / self._steps))
        done = 0
        if state.is_file():
            saved = torch.load(state, weights_only=True)
            model.load_state_dict(saved["model"])
            optimizer.load_state_dict(saved["optimizer"])
            schedule.load_state_dict(saved["schedule"])
            done = saved["epochs"]
        for epoch in range(done, EPOCHS):
            self._epoch(epoch, model, optimizer, schedule)
            told = {"model": model.state_dict(), "optimizer": optimizer.state_dict(), "epochs": epoch + 1}
            torch.save(told | {"schedule": schedule.state_dict()}, state)
            scores = dev_scores(self._export(model, "entities-fp32", quantized=False), self._corpora)
            print(f"entities: epoch {epoch + 1} of {EPOCHS}: {scores}", flush=True)
        print(
            f"entities, int8: {dev_scores(self._export(model, 'entities', quantized=True), self._corpora)}", flush=True
        )
        stamp.write_text(fingerprint)

    def _epoch(
        self,
        epoch: int,
        model: Encoder,
        optimizer: torch.optim.Optimizer,
        schedule: torch.optim.lr_scheduler.LRScheduler,
    ) -> None:
        model.train()
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=Console(stderr=True)) as bar:
            task = bar.add_task(f"entities, epoch {epoch + 1}", total=self._steps // EPOCHS)
            for batch in batches(self._samples, self._tokenizer, random.Random(SEED + epoch)):
                with torch.autocast("cpu", dtype=torch.bfloat16):
                    scores = model(batch["ids"], batch["shapes"], batch["mask"])
                targets = batch["target"].flatten()
                loss = functional.cross_entropy(scores.float().flatten(0, 1), targets, ignore_index=_IGNORED)
                optimizer.zero_grad()
                loss.backward()
                torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
                optimizer.step()
                schedule.step()
                bar.update(
                    task, advance=1, description=f"entities, epoch {epoch + 1} of {EPOCHS}, loss {loss.item():.3f}"
                )

    def _export(self, model: Encoder, name: str, *, quantized: bool) -> Path:
        """Write the component's folder: the graph, int8 if ``quantized``, the tokenizer, the labels."""
        model.eval()
        folder = self._work / name
        folder.mkdir(parents=True, exist_ok=True)
        plain = self._work / "entities.onnx"
        names = ["ids", "shapes", "mask"]
        torch.onnx.export(
            model,
            tuple(torch.ones((2, 7), dtype=torch.int64) for _ in names),
            str(plain),
            input_names=names,
            output_names=["scores"],
            dynamic_axes={one: {0: "rows", 1: "pieces"} for one in [*names, "scores"]},
            opset_version=17,
            dynamo=False,
        )
        if quantized:
            onnxruntime.quantization.quantize_dynamic(plain, folder / "graph.onnx", per_channel=True, reduce_range=True)
        else:
            (folder / "graph.onnx").write_bytes(plain.read_bytes())
        (folder / "tokenizer.json").write_text(self._tokenizer.to_str(), encoding="utf-8")
        (folder / "labels.json").write_text(json.dumps(self._labels), encoding="utf-8")
        return folder


def _optimizer(model: Encoder) -> torch.optim.Optimizer:
    learned = [(name, weight) for name, weight in model.named_parameters() if weight.requires_grad]
    fresh = [weight for name, weight in learned if name.startswith(("head", "shapes"))]
    plain = [weight for name, weight in learned if not name.startswith(("head", "shapes")) and weight.ndim < 2]
    decayed = [weight for name, weight in learned if not name.startswith(("head", "shapes")) and weight.ndim >= 2]
    return torch.optim.AdamW(
        [
            {"params": fresh, "lr": HEAD_RATE, "weight_decay": 0.0},
            {"params": plain, "lr": RATE, "weight_decay": 0.0},
            {"params": decayed, "lr": RATE, "weight_decay": DECAY},
        ]
    )


def _rate(part: float) -> float:
    """Rising at first, then falling to nothing at the end; ``part`` is the share of steps done."""
    return min(part / WARM_UP, (1 - part) / (1 - WARM_UP), 1.0) if part < 1 else 0.0


def dev_scores(folder: Path, corpora: Corpora) -> str:
    """Entity F on dev, in all and by type, of what was exported."""
    nlp = spacy.blank("en")
    nlp.add_pipe("wire_entities").from_disk(folder)
    scores = entity_scores(nlp, corpora.docs("ner/worldwide_dev", nlp.vocab))
    return " ".join(f"{name.removeprefix('ents_')} {value:.4f}" for name, value in scores.items())
