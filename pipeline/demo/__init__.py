"""The whole job on the articles that ship with the project: what `wire demo` plays."""

from pipeline.demo.play import play

__all__ = ["play"]
