"""Kibana's saved objects and Grafana's dashboards, written in typed Python: `python -m pipeline.dashboards`.

Everything but `importing` is pure: the same settings give the same bytes.
"""
