"""The limit: the same articles through plain `nlp.pipe`, without Kafka, cleaning or an index.

    python -m benchmarks.plain --texts FILE --model NAME --processes N

Reads a JSON array of texts; prints the seconds `nlp.pipe` took, loading left out.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import spacy


def main() -> None:
    """Put all texts through the model once."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.plain", description=__doc__)
    parser.add_argument("--texts", type=Path, required=True)
    parser.add_argument("--model", required=True)
    parser.add_argument("--processes", type=int, required=True)
    arguments = parser.parse_args()
    texts = json.loads(arguments.texts.read_text("utf-8"))
    nlp = spacy.load(arguments.model)
    for doc in nlp.pipe(texts[:20]):  # so that no first-time work is measured
        assert doc.has_annotation("ENT_IOB")
    begun = time.perf_counter()
    entities = sum(len(doc.ents) for doc in nlp.pipe(texts, n_process=arguments.processes))
    print(json.dumps({"seconds": time.perf_counter() - begun, "entities": entities}))


if __name__ == "__main__":
    main()
