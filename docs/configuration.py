"""Generate docs/configuration.md from the typed settings: `python -m docs.configuration [--check]`."""

from __future__ import annotations

import sys
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from pipeline.config import Settings

PAGE = Path(__file__).with_suffix(".md")

HEAD = """\
# Configuration

Generated from `pipeline/config/` by `make docs`; don't edit it by hand.

Settings come from `configs/wire.toml`, then from the TOML file named by the variable `WIRE_CONFIG`, then from the
folder of secret files named by `WIRE_SECRETS_DIR`, then from `WIRE_*` variables, then from flags. A later source wins,
key by key. An unknown key is an error.

In TOML a key stands in its section: `[kafka]`, `bootstrap_servers = "broker:9092"`. As a variable it is
`WIRE_<SECTION>__<KEY>`: `WIRE_KAFKA__BOOTSTRAP_SERVERS=broker:9092`. A secret file is named like the variable.
"""


def page() -> str:
    """The whole page."""
    return HEAD + "".join(_section(name, field) for name, field in Settings.model_fields.items())


def _section(name: str, field: FieldInfo) -> str:
    model = field.annotation
    assert isinstance(model, type)  # noqa: S101
    assert issubclass(model, BaseModel)  # noqa: S101
    rows = [
        f"| `{key}` | {_type(f)} | {_default(f)} | {f.description or ''} |" for key, f in model.model_fields.items()
    ]
    head = "| key | type | default | what it is |\n| --- | --- | --- | --- |\n"
    return f"\n## `[{name}]`\n\n{(model.__doc__ or '').strip()}\n\n{head}" + "\n".join(rows) + "\n"


def _type(field: FieldInfo) -> str:
    return f"`{_named(field.annotation)}`"


def _named(annotation: Any) -> str:
    """A type in words: `Path or None`."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _named(arguments[0])
    if origin in {Union, UnionType}:
        return " or ".join(map(_named, arguments))
    if annotation is NoneType:
        return "None"
    if isinstance(annotation, type) and not arguments:
        return annotation.__name__
    return str(annotation).replace("typing.", "").replace("|", "or")


def _default(field: FieldInfo) -> str:
    value = field.get_default(call_default_factory=True)
    return "" if value is None or value is PydanticUndefined else f"`{value!r}`".replace("|", "\\|")


def main() -> int:
    """Write the page, or with --check say whether it is up to date; returns the exit code."""
    wanted = page()
    if "--check" in sys.argv[1:]:
        if PAGE.is_file() and PAGE.read_text() == wanted:
            return 0
        print("docs/configuration.md is not what pipeline/config/ says: run `make docs`", file=sys.stderr)
        return 1
    PAGE.write_text(wanted)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
