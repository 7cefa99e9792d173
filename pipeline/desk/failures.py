"""What went wrong, as a page with the right HTTP status: what happened and what to do, and nothing of our insides."""

from __future__ import annotations

import structlog
from aiohttp import web
from elasticsearch import ApiError

from pipeline.desk.rendering import Page, render
from pipeline.errors import Misconfigured, Poison, ServiceUnreachable, Transient, WireError

log = structlog.get_logger(__name__)

_HEADINGS = {
    400: "That can't be asked",
    404: "Not here",
    405: "Read only",
    421: "Not this name",
    500: "A defect",
    502: "Elasticsearch refuses",
    503: "Not now",
}


def failure(error: Exception) -> Page:
    """The page of an error; one that nobody expected is logged."""
    if isinstance(error, web.HTTPException):
        return _of_http(error)
    if isinstance(error, WireError):
        return _page(_status(error), error.what, error.todo or "")
    if isinstance(error, ApiError):
        log.warning("Elasticsearch refuses a search", status=error.status_code, error=str(error))
        status = 400 if error.status_code == 400 else 502
        return _page(
            status, f"Elasticsearch can't answer this ({error.status_code})", "ask for less, or in other words"
        )
    log.error("a page failed", exc_info=error)
    return _page(
        500, "this page has failed; why is in the log of `wire desk`", "report it with the address of the page"
    )


def refused(what: str, todo: str, status: int) -> Page:
    """The page of a request that is not answered."""
    return _page(status, what, todo)


def _status(error: WireError) -> int:
    if isinstance(error, Poison):
        return 404
    # What Elasticsearch refuses or lacks is nothing the reader has asked wrongly.
    if isinstance(error, Misconfigured) and not isinstance(error.__cause__, ApiError):
        return 400
    return 503 if isinstance(error, Misconfigured | ServiceUnreachable | Transient) else 502


def _of_http(error: web.HTTPException) -> Page:
    if error.status == 404:
        return _page(404, "there is no such page", "the menu above has all there are")
    if error.status == 405:
        return _page(405, "the desk page only shows; nothing can be sent to it", "")
    return _page(error.status, error.reason, "")


def _page(status: int, what: str, todo: str) -> Page:
    return render("error.html", status=status, heading=_HEADINGS.get(status, "Not possible"), what=what, todo=todo)
