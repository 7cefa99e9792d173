"""Feeding: files, folders and standard input into the raw topic."""
