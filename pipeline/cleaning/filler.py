"""Messages that are no news: tests of the line, and what fills it."""

from __future__ import annotations

import re

from pipeline.article import Subject
from pipeline.cleaning.draft import Draft

_FILLER = re.compile(
    r"(?:ry){4,}|(?:xy){6,}|(?:the )?quick brown fox jumps? over the lazy dog|(.)\1{19,}", re.IGNORECASE
)
_TEST = re.compile(
    r"\W*(?:(?:TEST|ESSAI|PRUEBA|PROVA|TESTE)\b\W*){2,}|\W*(?:TEST|ESSAI|PRUEBA)\W*$|"
    r"(?:this is (?:only )?a |ceci est un |dies ist (?:nur )?eine? |esto es una |\W*)"
    r"(?:test(?: (?:message|transmission|item|story|only|please ignore))|testmeldung|testnachricht|message de test|"
    r"mensaje de prueba|essai de transmission|test -+ (?:please )?(?:ignore|disregard)|test\.$)",
    re.IGNORECASE,
)
_SHORT = 700
"""Characters such a message has at most."""


def classify(draft: Draft) -> None:
    """`ryryryry`, `TEST TEST TEST`: marked and withheld, never indexed as news (21)."""
    texts = [passage.text for passage in draft.passages]
    if sum(map(len, texts)) > _SHORT:
        return
    whole = "".join("".join(texts).split())
    filled = sum(len(found.group()) for found in _FILLER.finditer(whole)) * 2 > len(whole)
    if not filled and not any(map(_is_filler, texts)) and not any(_TEST.match(line) for line in _lines(draft, texts)):
        return
    kind = Subject(name="test or filler", creator="machine")
    draft.fields["genres"] = [*draft.fields.get("genres", draft.article.genres), kind]
    draft.fields["pub_status"] = "withheld"
    draft.warnings.append("this is a test of the line or a filler, not news: withheld")


def _is_filler(text: str) -> bool:
    found = _FILLER.search(text)
    return found is not None and len(found.group()) * 2 > len(text)


def _lines(draft: Draft, texts: list[str]) -> list[str]:
    return [draft.headline or "", *texts[:2]]
