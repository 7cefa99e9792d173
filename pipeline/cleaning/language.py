"""Language: which it is, and what a translation left untranslated."""

from __future__ import annotations

import re
from typing import Any

import py3langid

from pipeline.article import Span, Translation
from pipeline.cleaning.draft import Draft, joined

SAMPLE = 400
"""Characters the language is told by."""

LEAST = 40
"""Characters below which nobody can tell."""

_BRACKETED = re.compile(r"\[([^\[\]\n]{3,120})\]")
_WORD = re.compile(r"[^\W\d_]+(?:['’](?=\w))?")
_FUNCTION_WORDS = {
    "fr": frozenset(
        "le la les l' l’ un une des du de d' d’ que qu' qu’ qui et est sont son sa ses leur leurs ce cette ces dans "
        "pour sur avec par au aux en ne pas plus selon dont où il elle ils elles nous vous".split()
    ),
    "es": frozenset("el la los las un una del de que y es son su sus en para con por al no según este esta".split()),
    "de": frozenset("der die das den dem des ein eine und ist sind sein seine ihr mit für von zu im am nicht".split()),
    "pt": frozenset("o os as um uma do da dos das de que e é são seu sua em para com por ao não segundo".split()),
    "it": frozenset("il lo gli le un una del della dei di che e è sono suo sua in per con al non secondo".split()),
}
_FOREIGN = frozenset[str]().union(*_FUNCTION_WORDS.values())
_ENGLISH = (
    frozenset(
        "the of a an and to in is are was were his her their its that which who for on with by at from as it".split()
    )
    - _FOREIGN
)


def residue(draft: Draft) -> None:
    """Mark what the translation of an English article left in its first language (26); nothing is removed."""
    article_language = (draft.article.language or "en").split("-")[0]
    if article_language != "en":
        return
    text, _ = joined(draft.passages)
    spans: list[Span] = []
    sources: list[str] = []
    for found in _BRACKETED.finditer(text):
        if source := _foreign(found[1]):
            spans.append(Span(start=found.start(), end=found.end(), text=found.group()))
            sources.append(source)
    known: Translation | None = draft.wire.get("translation")
    if spans:
        source = max(set(sources), key=sources.count)
        update: dict[str, Any] = {"residue": spans, "source_language": source}
        draft.wire["translation"] = (known or Translation()).model_copy(update=update)
    elif known and "«" in draft.raw:
        draft.wire["translation"] = known.model_copy(update={"source_language": "fr"})


def _foreign(words: str) -> str | None:
    """The language bracketed words are in, where that is not English."""
    found = [word.casefold() for word in _WORD.findall(words)]
    if len(found) < 2 or not _ENGLISH.isdisjoint(found):
        return None
    shares = {language: sum(word in known for word in found) for language, known in _FUNCTION_WORDS.items()}
    best = max(shares, key=lambda language: shares[language])
    return best if shares[best] * 4 >= len(found) and shares[best] >= 1 else None


def detect(draft: Draft) -> None:
    """Tell the language by the text; a declared one is kept, and a disagreement said."""
    text = " ".join(p.text for p in draft.passages if p.kind == "paragraph")[:SAMPLE]
    if len(text) < LEAST:
        return
    found = str(py3langid.classify(text)[0])
    declared = draft.article.language
    if not declared:
        draft.fields["language"] = found
    elif declared.split("-")[0].lower() not in {found, *(("nb", "nn", "no") if found in {"nb", "nn", "no"} else ())}:
        draft.warnings.append(f"declared as {declared}, reads like {found}")
