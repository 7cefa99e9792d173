"""Small files in which a command keeps from one run to the next what it can't ask anybody: how far it came."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from pipeline.article import problems
from pipeline.errors import Misconfigured

_NAME = "wire-pipeline"

State = TypeVar("State", bound=BaseModel)


def state_folder() -> Path:
    """The user's folder for state that outlives a run (XDG Base Directory Specification 0.8, ``XDG_STATE_HOME``)."""
    return Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / _NAME


def load(path: Path, kind: type[State]) -> State | None:
    """What was saved, or None where nothing was.

    Raises:
        Misconfigured: the file can't be read, or holds something else.
    """
    try:
        return kind.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return None
    except OSError as error:
        raise Misconfigured(f"the state file {path} can't be read: {error.strerror or error}", "correct it") from error
    except ValidationError as invalid:
        raise Misconfigured(
            f"{path} is no state file of this command: {problems(invalid)}", "name another, or delete it to begin anew"
        ) from invalid


def save(path: Path, state: BaseModel) -> None:
    """Put the state in the file's place in one step: after a crash the file is the old one or the new one, whole.

    Raises:
        Misconfigured: it can't be written.
    """
    written = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with written.open("wb") as file:
            file.write(state.model_dump_json().encode())
            file.flush()
            os.fsync(file.fileno())
        written.replace(path)
    except OSError as error:
        with suppress(OSError):
            written.unlink()
        raise Misconfigured(
            f"the state file {path} can't be written: {error.strerror or error}", "name a folder that can be written to"
        ) from error
