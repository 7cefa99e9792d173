"""The reader of stance: two layers on the shared encoder's states that know who is marked, trained on their own.

The encoder stays as it is: its other tasks lose nothing, and its states are computed once. The layers start from the
encoder's own last ones, which have learned who does what to whom from syntax and attribution.
"""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from pathlib import Path

import torch
from en_wire_core.stance import LABELS
from rich.console import Console
from rich.progress import track
from torch import Tensor, nn
from torch.nn import functional

from training.corpora import Corpora
from training.encoder import LAYERS, SHARED, WIDTH, Encoder, Layer
from training.joint import SEED, JointRun
from training.pairs import Marked, Texts, batches, tensors

EPOCHS = 4
RATE, HEAD_RATE, WARM_UP, DECAY = 2e-4, 5e-4, 0.06, 0.01
TONE_WEIGHT = 0.5
KEPT, SEEN = 0.8, 0.9
"""Shares of features and of pieces that are kept in training; who is marked is always seen."""


class StanceReader(nn.Module):
    """Reads pairs of holder and target, or targets alone, in shared states."""

    def __init__(self) -> None:
        super().__init__()
        self.marks = nn.Embedding(3, WIDTH)
        self.layers = nn.ModuleList(Layer() for _ in range(SHARED, LAYERS))
        self.drop = nn.Dropout(1 - KEPT)
        self.stance_hidden, self.stance_out = nn.Linear(3 * WIDTH, WIDTH), nn.Linear(WIDTH, len(LABELS))
        self.tone_hidden, self.tone_out = nn.Linear(2 * WIDTH, WIDTH), nn.Linear(WIDTH, len(LABELS))
        nn.init.normal_(self.marks.weight, std=0.05)

    def start_from(self, encoder: Encoder) -> None:
        """Take the encoder's last layers."""
        for layer, number in zip(self.layers, range(SHARED, LAYERS), strict=True):
            layer.load_state_dict(encoder.layers[number].state_dict())

    def read(self, states: Tensor, mask: Tensor, holder: Tensor, target: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """The states of the whole, of the holder and of the target, each rows by width.

        The arguments are those that `training.pairs.tensors` gives.
        """
        kinds = torch.clamp(holder + 2 * target, max=2).long()
        x: Tensor = self.drop(states + self.marks(kinds))
        bias = (1.0 - mask[:, None, None, :]) * -10_000.0
        for layer in self.layers:
            x = layer(x, bias)

        def mean(marked: Tensor) -> Tensor:
            return (x * (marked / marked.sum(1, keepdim=True).clamp(min=1.0)).unsqueeze(-1)).sum(1)

        return x[:, 0], mean(holder), mean(target)

    def stance(self, whole: Tensor, holder: Tensor, target: Tensor) -> Tensor:
        """Scores of `LABELS` for the holder toward the target."""
        hidden = functional.gelu(self.stance_hidden(torch.cat([whole, holder, target], -1)))
        scores: Tensor = self.stance_out(self.drop(hidden))
        return scores

    def tone(self, whole: Tensor, target: Tensor) -> Tensor:
        """Scores of `LABELS` for the author toward the target."""
        hidden = functional.gelu(self.tone_hidden(torch.cat([whole, target], -1)))
        scores: Tensor = self.tone_out(self.drop(hidden))
        return scores

    def forward(self, states: Tensor, mask: Tensor, holder: Tensor, target: Tensor) -> tuple[Tensor, Tensor]:
        """What the exported graph gives: scores of stance and of tone."""
        whole, of_holder, of_target = self.read(states, mask, holder, target)
        return self.stance(whole, of_holder, of_target), self.tone(whole, of_target)


class StanceRun:
    """A training of the reader on an encoder that has been trained.

    Args:
        corpora: what it learns from: ``stance/directed_train`` and ``stance/target_train``.
        encoder: gives the states.
        joint: the run that the encoder is from.
    """

    def __init__(self, corpora: Corpora, encoder: Encoder, joint: JointRun) -> None:
        self._encoder = encoder
        self.folder = joint.folder
        texts = Texts(joint.tokenizer)
        self._pairs = texts.marked(corpora, "stance/directed_train")
        self._tones = texts.marked(corpora, "stance/target_train")
        self._texts = texts

    @property
    def state(self) -> Path:
        """The file of the trained reader."""
        return self.folder / "stance.pt"

    def run(self) -> StanceReader:
        """Train it."""
        torch.manual_seed(SEED)
        reader = StanceReader()
        reader.start_from(self._encoder)
        states = self._texts.states(self._encoder)
        rng = random.Random(SEED)
        total = EPOCHS * len(self._epoch(states, rng))
        optimizer = torch.optim.AdamW(
            [
                {"params": list(reader.layers.parameters()), "lr": RATE},
                {"params": [p for n, p in reader.named_parameters() if not n.startswith("layers.")], "lr": HEAD_RATE},
            ],
            weight_decay=DECAY,
        )
        schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: _rate(step / total))
        begun, average = time.monotonic(), 0.0
        reader.train()
        steps = [batch for _ in range(EPOCHS) for batch in self._epoch(states, rng)][:total]
        for number, (rows, tone) in enumerate(track(steps, "stance", console=Console(stderr=True)), 1):
            loss = _loss(reader, rows, states, tone=tone)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(reader.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            average = 0.98 * average + 0.02 * loss.item()
            if number % 100 == 0 or number == total:
                print(f"stance: step {number} of {total}, {time.monotonic() - begun:.0f} s: {average:.3f}", flush=True)
        reader.eval()
        torch.save(reader.state_dict(), self.state)
        return reader

    def _epoch(self, states: Sequence[Tensor], rng: random.Random) -> list[tuple[list[Marked], bool]]:
        """Batches of pairs, each pair both ways, and of targets, mixed; whether a batch is of targets."""
        pairs = [*self._pairs, *(pair.turned() for pair in self._pairs)]
        mixed = [(batch, False) for batch in batches(pairs, states, rng)]
        mixed += [(batch, True) for batch in batches(self._tones, states, rng)]
        rng.shuffle(mixed)
        return mixed


def _loss(reader: StanceReader, rows: Sequence[Marked], states: Sequence[Tensor], *, tone: bool) -> Tensor:
    given, mask, marked, aimed = tensors(rows, states)
    seen = (torch.rand_like(mask) < SEEN) | (marked + aimed > 0)
    seen[:, 0] = True
    with torch.autocast("cpu", dtype=torch.bfloat16):
        whole, holder, target = reader.read(given, mask * seen, marked, aimed)
        scores = reader.tone(whole, target) if tone else reader.stance(whole, holder, target)
    labels = torch.tensor([row.label for row in rows])
    return functional.cross_entropy(scores.float(), labels) * (TONE_WEIGHT if tone else 1.0)


def _rate(part: float) -> float:
    return max(0.0, min(part / WARM_UP + 1e-3, (1 - part) / (1 - WARM_UP)))
