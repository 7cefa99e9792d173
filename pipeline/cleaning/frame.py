"""What frames a transmission, where it was left in the text of an item."""

from __future__ import annotations

import re

from pipeline.cleaning.draft import Draft

_FRAME = re.compile(r"(?:ZCZC|NNNN)\b.*$|[a-z]{2,8}\d{3,5} [1-9] [A-Za-z]{1,4} +\d{1,5} [\w ]*$")


def frame(draft: Draft) -> None:
    """`ZCZC`, `NNNN`, the header of a wire message: lines of the transmission (1, 3)."""
    for passage in [*draft.passages[:2], *draft.passages[-2:]]:
        if passage in draft.passages and len(draft.passages) > 1 and _FRAME.match(passage.text):
            draft.remove(passage, "frame")
