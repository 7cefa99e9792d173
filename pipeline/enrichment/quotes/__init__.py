"""Quotes and attribution: who said what, by which words, and where the words stand."""
