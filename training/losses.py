"""What the heads are taught by: one loss for each target a batch has."""

from __future__ import annotations

import torch
from en_wire_core.bioes import tags_of
from torch import Tensor
from torch.nn import functional

from training.batches import Batch
from training.heads import WireModel
from training.labels import Labels
from training.samples import IGNORED

WEIGHTS = {
    "entities": 1.0, "partly": 0.3, "attribution": 1.0, "tag": 0.5, "morph": 0.5, "sentence": 0.5,
    "governor": 1.0, "dep": 1.0,
}  # fmt: skip

_NEVER = -1e4


def losses(model: WireModel, batch: Batch, labels: Labels) -> dict[str, Tensor]:
    """The mean loss a word of each target of the batch, by its name."""
    _, states = model.states(*batch.inputs)
    targets = batch.targets
    found = {}
    for name, head in (
        ("entities", model.entities),
        ("attribution", model.attribution),
        ("tag", model.tag),
        ("morph", model.morph),
    ):
        if name in targets:
            found[name] = _cross_entropy(head(states), targets[name])
    if "partly" in targets and bool((targets["partly"] != IGNORED).any()):
        found["partly"] = _partly(model.entities(states), targets["partly"], labels)
    if "sentence" in targets and bool((targets["sentence"] != IGNORED).any()):
        asked = targets["sentence"] != IGNORED
        scores = model.sentence(states).squeeze(-1).float()[asked]
        found["sentence"] = functional.binary_cross_entropy_with_logits(scores, targets["sentence"][asked].float())
    if "governor" in targets:
        found |= _arcs(model, states, batch)
    return found


def _cross_entropy(scores: Tensor, targets: Tensor) -> Tensor:
    return functional.cross_entropy(scores.float().flatten(0, 1), targets.flatten(), ignore_index=IGNORED)


def _arcs(model: WireModel, states: Tensor, batch: Batch) -> dict[str, Tensor]:
    scores, dependents, governors = model.arcs(states)
    same = batch.sentences[:, :, None] == batch.sentences[:, None, :]
    same &= ~torch.eye(same.shape[1], dtype=torch.bool)
    possible = functional.pad(same, (1, 0), value=True)
    heads = batch.targets["governor"]
    loss = _cross_entropy(scores.float().masked_fill(~possible, _NEVER), heads)
    row, word = (heads != IGNORED).nonzero(as_tuple=True)
    chosen = model.labels(dependents[row, word], governors[row, heads[row, word]])
    label = functional.cross_entropy(chosen.float(), batch.targets["dep"][row, word], ignore_index=IGNORED)
    return {"governor": loss, "dep": label}


def _partly(scores: Tensor, targets: Tensor, labels: Labels) -> Tensor:
    """Where people, organisations and places are known and other types are not, "outside" may be any of those."""
    known = {"PERSON", "ORG", "LOC"}
    open_tags = [number for number, tag in enumerate(tags_of(labels.entities)) if tag[2:] not in known]
    asked = targets != IGNORED
    likely = scores.float()[asked].log_softmax(-1)
    target = targets[asked]
    outside = torch.logsumexp(likely[:, open_tags], dim=-1)
    told = likely.gather(1, target[:, None]).squeeze(1)
    return -torch.where(target == 0, outside, told).mean()
