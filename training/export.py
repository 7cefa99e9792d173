"""The trained encoder as the files of its spaCy components: the int8 ONNX graph, the tokenizer, the heads' labels."""

from __future__ import annotations

from pathlib import Path

import onnxruntime.quantization
import spacy
import torch
from en_wire_core.encoder import OUTPUTS
from spacy.language import Language
from tokenizers import Tokenizer

from training.encoder import WIDTH
from training.heads import WireModel
from training.stance import StanceReader

INPUTS = ("ids", "shapes", "mask", "firsts")
COMPONENTS = ("wire_encoder", "wire_syntax", "wire_entities", "wire_attribution")
MARKED = ("states", "mask", "holder", "target")


def with_components(
    model: WireModel,
    tokenizer: Tokenizer,
    work: Path,
    reader: StanceReader | None = None,
    *,
    quantized: bool = True,
) -> Language:
    """A blank English pipeline with the components of the trained model.

    Args:
        model: the encoder and its heads.
        tokenizer: of the encoder's pieces.
        work: a folder for the graphs.
        reader: of stance, where it has been trained.
        quantized: int8, as it ships; else single precision.
    """
    nlp = spacy.blank("en")
    for name in COMPONENTS:
        nlp.add_pipe(name)
    if reader is not None:
        nlp.add_pipe("wire_pairs", after="wire_encoder").set_graph(stance_graph(reader, work, quantized=quantized))
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
    axes["shared"] = {0: "rows", 1: "pieces"}
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
    return _written(plain, small, quantized=quantized)


def stance_graph(reader: StanceReader, work: Path, *, quantized: bool = True) -> bytes:
    """The graph of the component ``wire_pairs``.

    Args:
        reader: the trained reader.
        work: a folder for the graph.
        quantized: int8, as it ships; else single precision.
    """
    reader.eval()
    plain, small = work / "stance.fp32.onnx", work / "stance.int8.onnx"
    axes = {name: {0: "rows", 1: "pieces"} for name in MARKED} | {name: {0: "rows"} for name in ("stance", "tone")}
    with torch.no_grad():
        torch.onnx.export(
            reader,
            (torch.zeros((2, 7, WIDTH)), *(torch.ones((2, 7)) for _ in MARKED[1:])),
            str(plain),
            input_names=list(MARKED),
            output_names=["stance", "tone"],
            dynamic_axes=axes,
            opset_version=17,
            dynamo=False,
        )
    return _written(plain, small, quantized=quantized)


def _written(plain: Path, small: Path, *, quantized: bool) -> bytes:
    if not quantized:
        return plain.read_bytes()
    onnxruntime.quantization.quantize_dynamic(plain, small, per_channel=True, reduce_range=True)
    return small.read_bytes()
