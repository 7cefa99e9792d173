"""Words as the encoder reads them: in pieces, with the shape of their letters."""

from __future__ import annotations

from collections.abc import Sequence

from tokenizers import Tokenizer

SHAPES = ("none", "lower", "title", "upper", "initial", "mixed", "digits", "letters and digits", "other")
"""What is told of a word's letters beside its pieces, which are without case."""

MOST_PIECES = 8
"""Of one word; what comes after is not read."""


def shape(word: str) -> int:
    """The number of a word's shape in `SHAPES`."""
    if word.isdigit():
        return 6
    if not word.isalpha():
        if any(c.isdigit() for c in word):
            return 7
        if not any(c.isalpha() for c in word):
            return 8
    if word.islower():
        return 1
    if word.isupper():
        return 3 if len(word) > 1 else 4
    return 2 if word[0].isupper() and word[1:].islower() else 5


def pieces(tokenizer: Tokenizer, words: Sequence[str]) -> list[list[int]]:
    """The numbers of each word's pieces; a word of white space or control characters has none."""
    found: list[list[int]] = [[] for _ in words]
    encoding = tokenizer.encode(list(words), is_pretokenized=True, add_special_tokens=False)
    for number, word in zip(encoding.ids, encoding.word_ids, strict=True):
        if word is not None and len(found[word]) < MOST_PIECES:
            found[word].append(number)
    return found
