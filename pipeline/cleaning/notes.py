"""Notes from desk to desk, which readers of the news never see: what changed, what comes, whom to call."""

from __future__ import annotations

import re

from pipeline.cleaning.changes import state
from pipeline.cleaning.draft import HEAD, Draft, Passage

_EDS = re.compile(
    r"\(?(?:Eds?|Editors?|EDS|EDITORS?|Note to [Ee]ditors|NOTE TO EDITORS|Editor['’]s [Nn]ote|EDITOR['’]S NOTE|"
    r"ATTENTION EDITORS|ATTN|Attn|Hinweis(?: an die Redaktionen?)?|Achtung|Avis aux rédactions|Nota a los editores|"
    r"Till redaktionen|Til redaksjonen)"
    r"\b\.?\s*(?:[:_]|\s[\-–—])\s*(?P<note>.+?)\)?$"
)
_ATTENTION = re.compile(r"(?:ATTENTION|ATTN?|URGENT - ATTENTION)\s*[-–—:]\s*(?P<note>.+?)\s*/{2,}$")
"""Agence France-Presse: `ATTENTION - ADDS minister ///`."""

_VERB = (
    r"Adds?|Adding|Updates?|Updating|Recasts?|Corrects?|Fix(?:es)?|Repeats?|Refiles?|Removes?|Clarif(?:ies|y)|"
    r"Changes?|Releads?|Rewrites?|Restores?|Rephrases?|Drops?|Deletes?|Edits|Inserts?|Writes? through|Writethru|Tops|"
    r"Leads? with|New throughout|No change|Refiling|Amends?|Official corrects|"
    r"(?:In|This|The|Story|Paragraphs?)\b[^()]{0,90}?"
    r"\b(?:correct(?:s|ed)?|clarif(?:ies|ied)|fix(?:es|ed)|removed?s?|adds|deletes?|changes|updated?)|"
    r"Neu|Ergänzt|Aktualisiert|Berichtigt|Korrigiert|Durchgehend|durchgehend neu|neu|ergänzt|aktualisiert|wiederholt|"
    r"Ajoute|Actualise|Précise|Corrige|Répète|Complète|Reprend|Agrega|Amplía|Actualizada?|Añade|Repite|"
    r"Aggiorna|Corregge|Legger til|Tilføjer|Lägger till|Rettelse|Rättar"
)
_INNER = r"(?:[^()]|\([^()]*\))*"
_ADVISORY = re.compile(rf"[(\[]\s*(?P<note>(?:{_VERB})\b{_INNER})[)\]]\.?$", re.DOTALL)
_REPLACES = re.compile(r"(?P<note>N ?i ?e ?u ?w +bericht, ?(?:vervangt|update|aanvulling|correctie)\b.{0,200})$")
"""Algemeen Nederlands Persbureau, which spaces the word out."""

_SAYS_WHY = re.compile(rf"(?:{_VERB})\b")
_EMBARGO = re.compile(r"embargo|sperrfrist", re.IGNORECASE)
_PICTURES = re.compile(
    r"[(\[+*]*\s*(?:With|WITH|AVEC|Avec|mit|Mit|MIT|Con|CON)?\s*(?:\w{2,4} )?"
    r"(?:Photos?|PHOTOS?|Pictures?|PICTURES?|PIX|Video|VIDEO|Graphics?|GRAPHICS?|Infographics?|INFOGRAPHICS?|"
    r"INFOGRAPHIE|Fotos?(?: [A-Z]\w+)?|Bild(?:er)?|Grafik)"
    r"(?:\s?[,+&/]\s?\w+| and \w+| und \w+)*\.?\s*[)\]+*]*$"
)
_WITH = re.compile(r"[(\[+]|With |WITH |AVEC |Mit |mit |Con ")
_DESK = re.compile(r"[(\[](?:Papier (?:général|d.angle)|Encadr[eé]|Lever de rideau)[^)\]]*[)\]]$", re.IGNORECASE)
_THEIR_PICTURES = re.compile(r"[A-Z]{2,5} (?:Photos?|Graphics?|Video)\b[A-Z\d, -]*$")
_CALL = re.compile(r"\W*(?:ATTENTION )?(?:NEWS |SPORTS )?EDITORS?\b\W*$|\W*ATTENTION\W*$")
_TAIL_NOTES = 5
_LONGEST = 800

_NOT_FOR_PUBLICATION = re.compile(
    r"(?:#+\s*)?(?:Notizblock|Redaktionelle Hinweise)\b|#+\s*Notebook\b|"
    r"(?:The following|This) information is not (?:intended )?for publication|"
    r"Die(?:se)? (?:folgenden )?Informationen sind nicht zur Veröffentlichung|Nicht zur Veröffentlichung|"
    r"(?:#|\*)*\s*Editorial (?:contacts?|notes?)\s*:?$|(?:Editorial )?contacts? for editors\b|Not for publication\b|"
    r"Les informations suivantes ne sont pas destinées|Ne pas publier\b|No publicar\b|Ej för publicering|"
    r"Ikke til publisering|Notes? to editors:?$|Media contacts?:?$",
    re.IGNORECASE,
)
_RULE = re.compile(r"(?:\* ?){3,}$")
_CONTACT = re.compile(
    r"\(\(?[^()]*(?:@|\+\d{2}[\d ()-]{6,}|[Mm]essaging)[^()]*\)\)?\.?$|"
    r"\S+@\S+\.\S+$|(?:Contact|Tel|Desk|Newsroom|Redaktion)\b.*[@+]\S+(?: [\d ()-]+)?$"
)


def editors_note(draft: Draft) -> None:
    """`Eds:` and what brackets above the text tell the desks: `(Adds quote)` (11, 12)."""
    head = draft.passages[:HEAD]
    for passage in [*head, *[p for p in draft.passages[-_TAIL_NOTES:] if p not in head]]:
        if len(passage.text) > _LONGEST or len(draft.passages) == 1:
            continue
        near_top = any(passage is one for one in head)
        found = _EDS.match(passage.text) or _ATTENTION.match(passage.text) or _ADVISORY.match(passage.text)
        found = found or _REPLACES.match(passage.text)
        if found and (near_top or found["note"].startswith(("This", "The story", "In "))):
            _take(draft, passage, found["note"].strip(), reason=True)
        elif near_top and len(passage.text) <= 80 and _is_for_desks(passage.text):
            _take(draft, passage, passage.text.strip("()[]+* "), reason=False)


def _is_for_desks(text: str) -> bool:
    pictures = (_PICTURES.match(text) and _WITH.match(text)) or _THEIR_PICTURES.match(text)
    return bool(pictures or _DESK.match(text) or _CALL.match(text))


def _take(draft: Draft, passage: Passage, note: str, *, reason: bool) -> None:
    draft.note(note)
    change = draft.change
    if reason and change and not change.reason and change.kind != "new":
        state(draft, change.model_copy(update={"reason": note}))
    draft.remove(passage, "editors-note")


def reason(draft: Draft) -> None:
    """Why a version was sent, where its headline says no more than that it corrects or updates (7, 11).

    The format's note to editors tells it, or a description that is one; a correction's note needs no word that says so.
    """
    change = draft.change
    if not change or change.reason or change.kind not in {"update", "correction", "refile", "repeat"}:
        return
    notes = [line.strip() for line in (draft.article.ed_note or "").splitlines() if not _EMBARGO.search(line)]
    bare = [found["note"].strip() if (found := _EDS.match(line)) else line for line in notes]
    told = next((line for line in [*bare, *_described(draft)] if _SAYS_WHY.match(line)), None)
    if not told and change.kind == "correction":
        told = next(filter(None, bare), None)
    if told:
        draft.wire["change"] = change.model_copy(update={"reason": told})


def _described(draft: Draft) -> list[str]:
    """The item's descriptions (ninjs 1.x has one, later versions a list): no fields of ours, kept as they came."""
    kept = draft.article.model_extra or {}
    several = kept.get("descriptions")
    values = [one.get("value") for one in several if isinstance(one, dict)] if isinstance(several, list) else []
    return [one.strip() for one in [kept.get("description_text"), *values] if isinstance(one, str)]


def not_for_publication(draft: Draft) -> None:
    """From a line that says so to the end, and lines of contacts: for the desks only (16)."""
    for number, passage in enumerate(draft.passages):
        after = draft.passages[number + 1].text if number + 1 < len(draft.passages) else ""
        if number and (
            _NOT_FOR_PUBLICATION.match(passage.text)
            or (_RULE.match(passage.text) and (after.startswith("##") or _NOT_FOR_PUBLICATION.match(after)))
        ):
            for note in draft.passages[number:]:
                draft.note(note.text)
                draft.remove(note, "not-for-publication")
            break
    for passage in draft.passages[1:][-_TAIL_NOTES:]:
        if len(passage.text) <= 200 and _CONTACT.match(passage.text):
            draft.note(passage.text)
            draft.remove(passage, "not-for-publication")
