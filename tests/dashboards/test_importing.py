"""The import as Kibana would see it, against a server of our own that answers as Kibana does."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from pipeline.config import ElasticsearchSettings, KibanaSettings
from pipeline.dashboards.importing import import_saved_objects
from pipeline.errors import Fatal, Misconfigured, ServiceUnreachable, WireError

OBJECTS = b'{"type":"dashboard","id":"wire-newsroom"}\n'
DONE = {"success": True, "successCount": 11}
CONFLICT = {"success": False, "errors": [{"type": "map", "id": "wire-places", "error": {"type": "missing_references"}}]}


@dataclass
class Kibana:
    """What it was asked, and what it answers."""

    url: str
    status: int = 200
    answer: bytes = field(default_factory=lambda: json.dumps(DONE).encode())
    path: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def settings(self) -> KibanaSettings:
        return KibanaSettings(url=self.url)


@pytest.fixture
def kibana() -> Iterator[Kibana]:
    asked = Kibana("")

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.path, asked.headers = self.path, {k.lower(): v for k, v in self.headers.items()}
            asked.body = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(asked.status)
            self.send_header("Content-Length", str(len(asked.answer)))
            self.end_headers()
            self.wfile.write(asked.answer)

        def log_message(self, *_: Any) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        asked.url = f"http://127.0.0.1:{server.server_port}/s/desk"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield asked
        server.shutdown()
        thread.join()


def test_it_is_asked_as_kibanas_api_wants(kibana: Kibana) -> None:
    elasticsearch = ElasticsearchSettings(api_key="c2VjcmV0")
    assert import_saved_objects(kibana.settings, elasticsearch, OBJECTS) == 11
    assert kibana.path == "/s/desk/api/saved_objects/_import?overwrite=true"
    assert kibana.headers["kbn-xsrf"]
    assert kibana.headers["authorization"] == "ApiKey c2VjcmV0"
    assert b'name="file"; filename="wire.ndjson"' in kibana.body  # it takes no other ending
    assert OBJECTS in kibana.body
    person = ElasticsearchSettings(username="ada", password="p")
    import_saved_objects(kibana.settings, person, OBJECTS)
    assert kibana.headers["authorization"].startswith("Basic ")


@pytest.mark.parametrize(
    ("status", "answer", "error", "said"),
    [
        (401, b"{}", Misconfigured, "Saved Objects Management"),
        (403, b"{}", Misconfigured, "refuses our credentials"),
        (503, b"Kibana server is not ready yet", ServiceUnreachable, "not ready"),
        (302, b"", Fatal, "302"),
        (200, b"<html>", Fatal, "no Kibana"),
        (200, json.dumps(CONFLICT).encode(), Fatal, "map wire-places: missing_references"),
    ],
)
def test_what_goes_wrong_is_said(status: int, answer: bytes, error: type[WireError], said: str, kibana: Kibana) -> None:
    kibana.status, kibana.answer = status, answer
    with pytest.raises(error, match=said):
        import_saved_objects(kibana.settings, ElasticsearchSettings(), OBJECTS)


def test_nobody_there(kibana: Kibana) -> None:
    with HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as server:
        free = server.server_port
    with pytest.raises(ServiceUnreachable, match=r"kibana\.url"):
        import_saved_objects(KibanaSettings(url=f"http://127.0.0.1:{free}"), ElasticsearchSettings(), OBJECTS)
    with pytest.raises(Misconfigured):
        import_saved_objects(KibanaSettings(), ElasticsearchSettings(), OBJECTS)
    with pytest.raises(ValueError, match="user and password"):
        KibanaSettings(url="http://ada:secret@kibana:5601")
