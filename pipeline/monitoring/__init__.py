"""Monitoring: how far the consumer groups are behind."""
