"""What standing queries count and measure, for Prometheus, among the metrics of the stage that runs them."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

_SECONDS = (0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300)


class AlertMetrics:
    """Counted by one worker: the one that asks the alerts."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.standing = Gauge("wire_alerts_standing", "Alerts that are asked", registry=registry)
        self.sent = Counter("wire_alerts", "Articles that were alerted", ["alert"], registry=registry)
        self.failures = Counter(
            "wire_alert_failures", "Times an alert could not be asked", ["alert"], registry=registry
        )
        self.failed_looks = Counter(
            "wire_alert_failed_looks", "Looks that came to nothing and are done again", registry=registry
        )
        self.seconds = Histogram(
            "wire_alert_seconds",
            "Seconds from an article being searchable to its alert being confirmed by Kafka",
            buckets=_SECONDS,
            registry=registry,
        )
