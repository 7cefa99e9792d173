"""Pages from their templates. What comes from a feed is text: escaped, and without characters that turn text around."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from pipeline.searching.display import safe

SEARCH, ARTICLE, STANCES, LAG = "/", "/article", "/stances", "/lag"
"""The paths of the pages."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it is sent: its HTTP status and its HTML."""

    html: str
    status: int = 200


def render(template: str, *, status: int = 200, **values: Any) -> Page:
    """A page of a template in ``pipeline/desk/templates``."""
    return Page(_environment().get_template(template).render(**values), status)


def link(path: str, **parameters: str) -> str:
    """A link within the desk page; parameters that are empty are left out."""
    given = {name: value for name, value in parameters.items() if value}
    return f"{path}?{urlencode(given, errors='replace')}" if given else path


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("pipeline.desk"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {"link": link, "SEARCH": SEARCH, "ARTICLE": ARTICLE, "STANCES": STANCES, "LAG": LAG}
    return environment


def _shown(value: Any) -> Any:
    """What an expression of a template becomes before it is escaped."""
    if value is None:
        return ""
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    # A lone surrogate, which JSON can hold, is no UTF-8.
    return safe(value).encode("utf-8", "replace").decode()
