"""The trained encoder as the files of its spaCy components: the int8 ONNX graph, the tokenizer, the heads' labels."""

from __future__ import annotations

from pathlib import Path

import onnxruntime.quantization
import spacy
import torch
from en_wire_core.encoder import OUTPUTS
from spacy.language import Language
from tokenizers import Tokenizer

from training.heads import WireModel

INPUTS = ("ids", "shapes", "mask", "firsts")
COMPONENTS = ("wire_encoder", "wire_syntax", "wire_entities", "wire_attribution")


def with_components(model: WireModel, tokenizer: Tokenizer, work: Path, *, quantized: bool = True) -> Language:
    """A blank English pipeline with the components of the trained model.

    Args:
        model: the encoder and its heads.
        tokenizer: of the encoder's pieces.
        work: a folder for the graph.
        quantized: int8, as it ships; else single precision.
    """
    nlp = spacy.blank("en")
    for name in COMPONENTS:
        nlp.add_pipe(name)
    nlp.get_pipe("wire_encoder").set_files(_graph(model, work, quantized), tokenizer.to_str().encode("utf-8"))
    told = model.told
    nlp.get_pipe("wire_entities").set_labels(told.entities)
    nlp.get_pipe("wire_attribution").set_labels(told.attribution)
    named = {"tags": list(told.tags), "morphs": list(told.morphs), "deps": list(told.deps)}
    weight, bias = (one.detach().float().numpy() for one in (model.label.weight, model.label.bias))
    nlp.get_pipe("wire_syntax").set_labels(named, weight.T.copy(), bias)
    return nlp


def _graph(model: WireModel, work: Path, quantized: bool) -> bytes:
    model.eval()
    plain, small = work / "graph.fp32.onnx", work / "graph.int8.onnx"
    pieces = torch.ones((2, 7), dtype=torch.int64)
    words = torch.ones((2, 5), dtype=torch.int64)
    axes = {name: {0: "rows", 1: "pieces"} for name in INPUTS[:3]}
    axes |= {name: {0: "rows", 1: "words"} for name in ("firsts", *OUTPUTS)}
    axes["arc"] = {0: "rows", 1: "words", 2: "heads"}
    axes["governor"] = {0: "rows", 1: "heads"}
    with torch.no_grad():
        torch.onnx.export(
            model,
            (pieces, pieces, pieces, words),
            str(plain),
            input_names=list(INPUTS),
            output_names=list(OUTPUTS),
            dynamic_axes=axes,
            opset_version=17,
            dynamo=False,
        )
    if not quantized:
        return plain.read_bytes()
    onnxruntime.quantization.quantize_dynamic(plain, small, per_channel=True, reduce_range=True)
    return small.read_bytes()
