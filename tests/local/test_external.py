"""A cluster that runs already is used as it is: nothing is started, nothing stopped, nothing deleted."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pytest
from kafka import KafkaAdminClient

from tests.local.commands import Wire

pytestmark = pytest.mark.integration


def test_a_cluster_the_settings_name_is_used_and_never_touched(
    kafka: str, elasticsearch_url: str, empty_folder: Path
) -> None:
    topic = f"test-external-{uuid4().hex[:8]}"
    wire = Wire(empty_folder, kafka=kafka, elasticsearch=elasticsearch_url)
    admin = KafkaAdminClient(bootstrap_servers=kafka)
    admin.create_topics({topic: {"num_partitions": 1, "replication_factor": 1}}, wait_for_metadata=True)
    try:
        code, _, stderr = wire("up", "--fresh")
        assert (code, stderr.splitlines()) == (
            0,
            [
                f"kafka at {kafka} is not ours: used as it is",
                f"elasticsearch at {elasticsearch_url} is not ours: used as it is",
            ],
        )
        assert wire("down")[0] == 0
        code, states = wire.status()
        assert code == 0
        assert {state["state"] for state in states.values()} == {"external"}
        assert topic in admin.list_topics()
    finally:
        admin.delete_topics([topic])
        admin.close()
