"""`python -m pipeline` is `wire`."""

from pipeline.cli import main

main()
