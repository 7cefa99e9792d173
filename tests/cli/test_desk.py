"""`wire desk`: starts, says where, ends when it is told to, and says why it can't start."""

from __future__ import annotations

import signal
from urllib.parse import quote

import urllib3

from tests.cli.running import wire
from tests.desk.serving import serving

ELASTICSEARCH_AWAY = {"WIRE_ELASTICSEARCH__URL": "http://127.0.0.1:1"}


def test_it_serves_at_a_port_of_its_own_until_it_is_told_to_end() -> None:
    with serving(ELASTICSEARCH_AWAY) as (address, process), urllib3.PoolManager(timeout=20, retries=False) as http:
        answer = http.request("GET", f"{address}/desk.css")
        assert answer.status == 200
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
        # The longest query of any script is read: only Elasticsearch is missing.
        assert http.request("GET", f"{address}/?q={quote('語' * 2000)}").status == 503
        ran = wire("desk", "--port", address.rpartition(":")[2])
        assert ran.code == 2
        assert "nothing can listen at 127.0.0.1:" in ran.err
        assert "--port" in ran.err
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
