"""The connection over which is searched, and what it means when it fails."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from elasticsearch import ApiError, Elasticsearch, NotFoundError, TransportError
from elasticsearch import SSLError as Untrusted

from pipeline.config import ElasticsearchSettings
from pipeline.errors import Misconfigured, ServiceUnreachable


@contextmanager
def open_index(settings: ElasticsearchSettings) -> Iterator[Elasticsearch]:
    """A client for searching.

    Raises:
        ServiceUnreachable: Elasticsearch does not answer.
        Misconfigured: it refuses our credentials, we don't trust it, or nothing was ever indexed.
    """
    with Elasticsearch(**settings.client_options()) as client:
        try:
            yield client
        except NotFoundError as missing:
            raise Misconfigured(
                "nothing is indexed yet", "feed articles with `wire feed` while `wire worker` runs"
            ) from missing
        except ApiError as error:
            if error.status_code in {401, 403}:
                raise Misconfigured(f"Elasticsearch refuses: {error.message}", "check elasticsearch.api_key") from error
            raise
        except Untrusted as untrusted:
            raise Misconfigured(
                f"there is no TLS connection to Elasticsearch at {settings.url}: {untrusted.message}",
                "name the authority that signed its certificate in elasticsearch.ca_certs",
            ) from untrusted
        except TransportError as error:
            raise ServiceUnreachable(
                f"Elasticsearch does not answer at {settings.url}", "start it with `wire up`"
            ) from error
