"""The heads on the shared encoder, in torch: what each word's state says of entities, attribution and syntax.

Arcs are scored by a deep biaffine attention (Dozat and Manning, ICLR 2017), labels of arcs by a small network over the
features of the dependent and of its chosen head.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from training.encoder import WIDTH, Encoder
from training.labels import Labels

ARC, LABEL = 256, 192
"""Widths of the features for arcs and for their labels."""

WORDS_KEPT, FEATURES_KEPT = 0.9, 0.8


class WireModel(nn.Module):
    """The encoder and its heads.

    Args:
        shapes: how many shapes of words there are.
        labels: what the heads tell apart.
    """

    def __init__(self, shapes: int, labels: Labels) -> None:
        super().__init__()
        self.told = labels
        self.encoder = Encoder(shapes)
        self.entities = nn.Linear(WIDTH, 1 + 4 * len(labels.entities))
        self.attribution = nn.Linear(WIDTH, 1 + 4 * len(labels.attribution))
        self.tag = nn.Linear(WIDTH, len(labels.tags))
        self.morph = nn.Linear(WIDTH, len(labels.morphs))
        self.sentence = nn.Linear(WIDTH, 1)
        self.root = nn.Parameter(torch.randn(WIDTH) * 0.02)
        self.arc_dependent, self.arc_governor = nn.Linear(WIDTH, ARC), nn.Linear(WIDTH, ARC)
        self.arc = nn.Linear(ARC, ARC)
        self.label_dependent, self.label_governor = nn.Linear(WIDTH, LABEL), nn.Linear(WIDTH, LABEL, bias=False)
        self.label = nn.Linear(LABEL, len(labels.deps))
        nn.init.orthogonal_(self.arc.weight, gain=0.2)
        nn.init.zeros_(self.arc.bias)

    def states(self, ids: Tensor, shapes: Tensor, mask: Tensor, firsts: Tensor) -> tuple[Tensor, Tensor]:
        """The shared states of pieces and the last states of words: rows, pieces or words, width.

        ``firsts`` holds the position of each word's first piece.
        """
        shared, hidden = self.encoder(ids, shapes, mask)
        index = firsts.unsqueeze(-1).expand(-1, -1, WIDTH)
        return shared, functional.dropout(hidden.gather(1, index), 1 - WORDS_KEPT, self.training)

    def arcs(self, states: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Scores of heads (rows, words, 1 + words; column 0 the root), features of dependents and of governors."""
        rooted = torch.cat([self.root.to(states.dtype).expand_as(states[:, :1]), states], dim=1)

        def kept(features: Tensor) -> Tensor:
            return functional.dropout(features, 1 - FEATURES_KEPT, self.training)

        dependents = kept(functional.gelu(self.arc_dependent(states)))
        governors = kept(functional.gelu(self.arc_governor(rooted)))
        scores = torch.matmul(self.arc(dependents), governors.transpose(1, 2))
        return scores, self.label_dependent(states), self.label_governor(rooted)

    def labels(self, dependents: Tensor, governors: Tensor) -> Tensor:
        """Scores of labels for pairs of features (any leading dimensions)."""
        joined = functional.dropout(functional.relu(dependents + governors), 1 - FEATURES_KEPT, self.training)
        scores: Tensor = self.label(joined)
        return scores

    def forward(self, ids: Tensor, shapes: Tensor, mask: Tensor, firsts: Tensor) -> tuple[Tensor, ...]:
        """What the exported graph gives, in the order of `en_wire_core.encoder.OUTPUTS`."""
        shared, states = self.states(ids, shapes, mask, firsts)
        scores, dependents, governors = self.arcs(states)
        return (
            self.entities(states),
            self.attribution(states),
            self.tag(states).argmax(-1),
            self.morph(states).argmax(-1),
            self.sentence(states).squeeze(-1),
            scores,
            dependents,
            governors,
            shared,
        )
