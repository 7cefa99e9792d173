"""Importing saved objects into a running Kibana, over its HTTP API."""

from __future__ import annotations

import json
from typing import Any

import urllib3

from pipeline.config import ElasticsearchSettings, KibanaSettings
from pipeline.errors import Fatal, Misconfigured, ServiceUnreachable

_MOST_ANSWER_BYTES = 1_000_000
_MOST_QUOTED = 300


def import_saved_objects(kibana: KibanaSettings, elasticsearch: ElasticsearchSettings, objects: bytes) -> int:
    """Put saved objects into Kibana, in the place of older ones with the same ids.

    Args:
        kibana: where it is.
        elasticsearch: whose credentials it is asked with: Kibana's users and keys are Elasticsearch's.
        objects: NDJSON, as `saved_objects` makes it.

    Returns:
        How many objects were imported.

    Raises:
        ServiceUnreachable: Kibana does not answer, or is not ready yet.
        Misconfigured: no address is set, or it refuses our credentials.
        Fatal: it refuses an object.
    """
    if not kibana.url:
        raise Misconfigured("there is no address of a Kibana", "set kibana.url")
    pool = urllib3.PoolManager(ca_certs=str(kibana.ca_certs) if kibana.ca_certs else None)
    try:
        response = pool.request(
            "POST",
            f"{kibana.url.rstrip('/')}/api/saved_objects/_import?overwrite=true",
            fields={"file": ("wire.ndjson", objects, "application/ndjson")},
            headers={"kbn-xsrf": "wire"} | _credentials(elasticsearch),
            timeout=kibana.request_timeout,
            retries=False,
            redirect=False,
            preload_content=False,
        )
        answer = response.read(_MOST_ANSWER_BYTES)
    except urllib3.exceptions.HTTPError as away:
        raise ServiceUnreachable(f"Kibana does not answer: {away}", "start it, or correct kibana.url") from away
    finally:
        pool.clear()
    said = answer[:_MOST_QUOTED].decode(errors="replace")
    if response.status in {401, 403}:
        raise Misconfigured(
            f"Kibana refuses our credentials ({response.status}): {said}",
            "the Elasticsearch user or API key needs Kibana's privilege Saved Objects Management: All",
        )
    if response.status in {502, 503, 504}:
        raise ServiceUnreachable(f"Kibana is not ready ({response.status})", "wait until it has started")
    if response.status != 200:
        raise Fatal(f"Kibana refuses the import ({response.status}): {said}")
    return _imported(answer, said)


def _imported(answer: bytes, said: str) -> int:
    try:
        result: dict[str, Any] = json.loads(answer)
    except ValueError as odd:
        raise Fatal(f"what answers is no Kibana: {said}", "correct kibana.url") from odd
    if not result.get("success"):
        errors = [
            f"{error.get('type')} {error.get('id')}: {error.get('error', {}).get('type')}"
            for error in result.get("errors", [])
        ]
        raise Fatal(f"Kibana did not import everything: {'; '.join(errors) or said}")
    return int(result.get("successCount", 0))


def _credentials(elasticsearch: ElasticsearchSettings) -> dict[str, str]:
    if elasticsearch.api_key:
        return {"Authorization": f"ApiKey {elasticsearch.api_key.get_secret_value()}"}
    if elasticsearch.username and elasticsearch.password:
        return urllib3.make_headers(basic_auth=f"{elasticsearch.username}:{elasticsearch.password.get_secret_value()}")
    return {}
