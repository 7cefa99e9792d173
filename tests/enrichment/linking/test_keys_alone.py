"""Keys of names are wanted where no language model is: a search must not wait for spaCy."""

from __future__ import annotations

import subprocess
import sys


def test_keys_load_no_spacy() -> None:
    code = "import sys, pipeline.enrichment.linking.keys; sys.exit('spacy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
