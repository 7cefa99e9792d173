"""Keyphrases: the names and noun phrases a desk editor would tag a story with."""
