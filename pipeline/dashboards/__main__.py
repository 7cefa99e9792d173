"""Write the generated files: `python -m pipeline.dashboards [--check]`."""

from __future__ import annotations

import sys
from pathlib import Path

from pipeline.config import IndexingSettings, configs_dir
from pipeline.dashboards.grafana import pipeline_dashboard
from pipeline.dashboards.kibana import saved_objects


def files() -> dict[str, bytes]:
    """What is generated, by its path under ``configs/``."""
    return {
        "kibana/saved-objects.ndjson": saved_objects(IndexingSettings()),
        "grafana/dashboards/wire.json": pipeline_dashboard(),
    }


def main(arguments: list[str], folder: Path) -> int:
    """Write the files, or with --check name those that are not what the code says; returns the exit code."""
    wanted = {folder / path: content for path, content in files().items()}
    differing = [path for path, content in wanted.items() if not path.is_file() or path.read_bytes() != content]
    if "--check" in arguments:
        for path in differing:
            print(f"{path} is not what pipeline/dashboards says: run `python -m pipeline.dashboards`", file=sys.stderr)
        return 1 if differing else 0
    for path in differing:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(wanted[path])
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:], configs_dir()))
