"""Searching the index: queries, and what an article looks like when it comes back."""
