"""The words that report speech, read from ``configs/language/speech.toml``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from spacy.tokens import Token

from pipeline.config import configs_dir


@dataclass(frozen=True)
class Lexicon:
    """Cue words.

    Attributes:
        verbs: class of each verb (say, think, want, judge), by lemma.
        phrases: verb and preposition that together are a cue of class judge.
        sources: phrases that stand before their source, as lower-case words.
        nouns: nouns that report speech, by lemma.
        forms: lemma of an inflected form, for pipelines without a lemmatizer.
    """

    verbs: dict[str, str]
    phrases: frozenset[tuple[str, str]]
    sources: tuple[tuple[str, ...], ...]
    nouns: frozenset[str]
    forms: dict[str, str]

    def lemma(self, token: Token) -> str:
        """The lemma the pipeline gives, or else the one we know for the form."""
        lower: str = token.lower_
        lemma: str = token.lemma_
        return lemma.lower() if lemma and token.pos_ in {"VERB", "NOUN"} else self.forms.get(lower, lower)


@cache
def lexicon(path: Path | None = None) -> Lexicon:
    """Read the cue words.

    Args:
        path: another file of the same form; default: the one in ``configs/language``.
    """
    table = tomllib.loads((path or configs_dir() / "language" / "speech.toml").read_text("utf-8"))
    return Lexicon(
        verbs={word: name for name, words in table["verbs"].items() for word in words.split()},
        phrases=frozenset((one.split()[0], one.split()[1]) for one in table["phrases"]["judge"]),
        sources=tuple(tuple(one.split()) for one in table["phrases"]["source"]),
        nouns=frozenset(table["nouns"]["say"].split()),
        forms={form: lemma for lemma, forms in table["forms"].items() for form in forms.split()},
    )
