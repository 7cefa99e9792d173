"""A real Kafka and a real Elasticsearch on this machine, without Docker: what `wire up` starts."""

from pipeline.local.service import ServiceStatus
from pipeline.local.stack import LocalStack, free_ports

__all__ = ["LocalStack", "ServiceStatus", "free_ports"]
