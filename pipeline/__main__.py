"""The entry point of `wire` and `python -m pipeline`.

Worker processes are spawned: each imports this module again, so nothing heavy may stand at its top.
"""


def main() -> None:
    """Run the command line."""
    from pipeline.cli import run

    run()


if __name__ == "__main__":
    main()
