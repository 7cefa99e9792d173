"""The Grafana dashboard of a running pipeline: lag, flow, dead letters, speed, Elasticsearch, feeds.

The figures are those of `wire lag --serve` and of the workers' /metrics; see docs/lag.md and docs/metrics.md.
"""

from __future__ import annotations

import json

from pipeline.dashboards.columns import Json
from pipeline.dashboards.grafana_model import SOURCE, Panel, Query, Section, panels

_GROUP = 'consumergroup=~"$group"'


def quantile(q: float, histogram: str, by: str) -> str:
    """PromQL: a quantile of a histogram over the dashboard's interval, by these labels besides ``le``."""
    labels = f"le, {by}" if by else "le"
    return f"histogram_quantile({q}, sum by ({labels}) (rate({histogram}_bucket[$__rate_interval])))"


def rate(counter: str, by: str) -> str:
    """PromQL: increase a second of a counter, by these labels."""
    return f"sum by ({by}) (rate({counter}[$__rate_interval]))"


SECTIONS = (
    Section(
        "Now",
        (
            Panel("Kafka answers", (Query("min(kafka_up)"),), kind="stat", width=4),
            Panel(
                "Oldest message waits",
                (Query(f"max by (consumergroup) (kafka_consumergroup_lag_seconds{{{_GROUP}}})", "{{consumergroup}}"),),
                unit="s",
                kind="stat",
                width=8,
            ),
            Panel(
                "Articles indexed",
                (Query('sum(rate(wire_dispositions_total{disposition="indexed"}[$__rate_interval]))'),),
                unit="cps",
                kind="stat",
                width=4,
            ),
            Panel(
                "Dead letters, last hour",
                (Query('sum(increase(wire_dispositions_total{disposition="dead"}[1h]))'),),
                kind="stat",
                width=4,
            ),
            Panel(
                "Received to indexed, p95",
                (Query(quantile(0.95, "wire_latency_seconds", "")),),
                unit="s",
                kind="stat",
                width=4,
            ),
        ),
    ),
    Section(
        "Lag",
        (
            Panel(
                "Seconds the oldest message waits",
                (Query(f"max by (consumergroup) (kafka_consumergroup_lag_seconds{{{_GROUP}}})", "{{consumergroup}}"),),
                unit="s",
            ),
            Panel(
                "Messages that wait",
                (
                    Query(
                        f"sum by (consumergroup, topic) (kafka_consumergroup_lag_sum{{{_GROUP}}})",
                        "{{consumergroup}} {{topic}}",
                    ),
                ),
            ),
            Panel(
                "Partitions that are not OK",
                (
                    Query(
                        "sum by (consumergroup, kafka_consumergroup_status) "
                        f'(kafka_consumergroup_status{{{_GROUP}, kafka_consumergroup_status!="OK"}})',
                        "{{consumergroup}} {{kafka_consumergroup_status}}",
                    ),
                ),
                stacked=True,
                about="By Burrow's rules; see docs/lag.md.",
            ),
            Panel(
                "Members of the groups",
                (Query(f"kafka_consumergroup_members{{{_GROUP}}}", "{{consumergroup}}"),),
            ),
            Panel(
                "Seconds no offset has moved",
                (
                    Query(
                        f"min by (consumergroup) (kafka_consumergroup_commit_age_seconds{{{_GROUP}}})",
                        "{{consumergroup}}",
                    ),
                ),
                unit="s",
            ),
            Panel(
                "Messages that come in",
                (
                    Query(
                        "sum by (topic) (rate(kafka_topic_partition_current_offset[$__rate_interval]))",
                        "{{topic}}",
                    ),
                ),
                unit="cps",
            ),
        ),
    ),
    Section(
        "Flow",
        (
            Panel(
                "Outputs by how they ended",
                (Query(rate("wire_dispositions_total", "stage, disposition"), "{{stage}} {{disposition}}"),),
                unit="cps",
                stacked=True,
                width=12,
            ),
            Panel(
                "Dead letters by cause",
                (
                    Query(
                        "sum by (stage, cause) "
                        '(increase(wire_dispositions_total{disposition="dead"}[$__rate_interval]))',
                        "{{stage}} {{cause}}",
                    ),
                ),
                stacked=True,
                width=12,
            ),
            Panel("In flight", (Query("sum by (stage) (wire_in_flight)", "{{stage}}"),)),
            Panel(
                "Assigned partitions",
                (Query("sum by (stage, topic) (wire_assigned_partitions)", "{{stage}} {{topic}}"),),
            ),
            Panel(
                "Worker processes replaced",
                (
                    Query(
                        "sum by (stage, reason) (increase(wire_process_restarts_total[$__rate_interval]))",
                        "{{stage}} {{reason}}",
                    ),
                ),
            ),
        ),
    ),
    Section(
        "Speed",
        (
            Panel(
                "Received to indexed",
                tuple(Query(quantile(q, "wire_latency_seconds", ""), f"p{q * 100:.0f}") for q in (0.5, 0.95, 0.99)),
                unit="s",
            ),
            Panel(
                "A batch takes, p95",
                (Query(quantile(0.95, "wire_batch_seconds", "stage, of"), "{{stage}} {{of}}"),),
                unit="s",
            ),
            Panel(
                "Messages of a batch, mean",
                (
                    Query(
                        f"{rate('wire_batch_messages_sum', 'stage, of')} "
                        f"/ {rate('wire_batch_messages_count', 'stage, of')}",
                        "{{stage}} {{of}}",
                    ),
                ),
            ),
            Panel(
                "Language pipeline: busy seconds a second, by component",
                (Query(rate("wire_component_seconds_sum", "component"), "{{component}}"),),
                unit="s",
                stacked=True,
                width=16,
            ),
            Panel(
                "CPU of the stages' main processes",
                (Query("sum by (job) (rate(process_cpu_seconds_total[$__rate_interval]))", "{{job}}"),),
                unit="percentunit",
            ),
        ),
    ),
    Section(
        "Elasticsearch and feeds",
        (
            Panel(
                "Requests to Elasticsearch asked again",
                (Query(rate("wire_elasticsearch_retries_total", "status"), "{{status}}"),),
                unit="cps",
                width=12,
            ),
            Panel(
                "Feeds: silence against what is usual",
                (Query("wire_feed_silence_seconds / wire_feed_silence_expected_seconds", "{{feed}}"),),
                unit="percentunit",
                width=12,
                about="Over 100 %: the feed has been silent for longer than it usually is.",
            ),
        ),
    ),
)


def pipeline_dashboard() -> bytes:
    """The dashboard as Grafana's provisioning and its import page read it (JSON)."""
    dashboard = {
        "uid": "wire-pipeline",
        "title": "Wire: pipeline",
        "tags": ["wire", "kafka"],
        "schemaVersion": 39,
        "editable": True,
        "refresh": "30s",
        "time": {"from": "now-3h", "to": "now"},
        "templating": {"list": [_datasource(), _groups()]},
        "panels": list(panels(SECTIONS)),
    }
    return (json.dumps(dashboard, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()


def _datasource() -> Json:
    return {"name": "datasource", "label": "Prometheus", "type": "datasource", "query": "prometheus"}


def _groups() -> Json:
    return {
        "name": "group",
        "label": "Consumer group",
        "type": "query",
        "datasource": SOURCE,
        "definition": "label_values(kafka_consumergroup_members, consumergroup)",
        "query": {"qryType": 1, "query": "label_values(kafka_consumergroup_members, consumergroup)", "refId": "groups"},
        "refresh": 2,
        "multi": True,
        "includeAll": True,
        "allValue": ".*",
        "current": {"text": ["All"], "value": ["$__all"]},
        "sort": 1,
    }
