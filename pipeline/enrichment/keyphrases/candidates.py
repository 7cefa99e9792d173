"""A phrase or name that may become a keyphrase, and its uses in the story."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

_NEVER = 10**9


@dataclass(slots=True)
class Candidate:
    """A phrase or name.

    ``words`` are as compared, ``label`` is the entity label of a name (empty for a phrase). ``written`` counts its
    spellings; ``uses`` all mentions, by whatever words; ``first`` is the document's word it first stands at, ``blocks``
    the numbers of the blocks it stands in.
    """

    words: tuple[str, ...]
    label: str = ""
    written: Counter[str] = field(default_factory=Counter)
    uses: int = 0
    first: int = _NEVER
    blocks: set[int] = field(default_factory=set)

    def add(self, text: str, at: int, block: int) -> None:
        """Note a use, spelt so, at this word of the document, in this block."""
        self.written[text] += 1
        self.uses += 1
        self.first = min(self.first, at)
        self.blocks.add(block)

    def take(self, other: Candidate) -> None:
        """Count the uses of another spelling as its own."""
        self.uses += other.uses
        self.first = min(self.first, other.first)
        self.blocks |= other.blocks

    @property
    def text(self) -> str:
        """The phrase as it is most often written."""
        return self.written.most_common(1)[0][0]
