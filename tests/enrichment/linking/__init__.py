"""Tests of linking mentions into entities."""
