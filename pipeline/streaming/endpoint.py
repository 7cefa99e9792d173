"""A stage's metrics and health over HTTP, served by its own event loop: if that hangs, nobody answers.

``/metrics`` is for Prometheus. ``/health/live`` and ``/health/ready`` answer 200, or 503 with the reason as text. Who
is not alive should be restarted; who is not ready waits for something a restart would not give.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import structlog
from aiohttp import web
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import choose_encoder

from pipeline.errors import Misconfigured

log = structlog.get_logger(__name__)

Answer = Callable[[], str | None]
"""None while all is well, else why it is not."""


class Endpoint:
    """Serves a registry, and two answers on health."""

    def __init__(self, registry: CollectorRegistry, *, live: Answer, ready: Answer) -> None:
        self._registry = registry
        app = web.Application()
        app.router.add_get("/metrics", self._metrics)
        app.router.add_get("/health/live", _health(live))
        app.router.add_get("/health/ready", _health(ready))
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)

    async def start(self, host: str, port: int) -> str:
        """Listen, and log where; port 0 takes any free one.

        Returns:
            The address, as ``http://host:port``.

        Raises:
            Misconfigured: nothing can listen there.
        """
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, host, port).start()
        except OSError as taken:
            await self._runner.cleanup()
            raise Misconfigured(
                f"nothing can listen at {host}:{port}: {taken.strerror}",
                "set monitoring.port to another port, or to 0 for any that is free",
            ) from taken
        bound = self._runner.addresses[0][1]
        address = f"http://{f'[{host}]' if ':' in host else host}:{bound}"
        log.info("metrics and health are served", address=address)
        return address

    async def stop(self) -> None:
        """Listen no longer."""
        await self._runner.cleanup()

    async def _metrics(self, request: web.Request) -> web.Response:
        encode, content_type = choose_encoder(request.headers.get("Accept", ""))
        return web.Response(body=encode(self._registry), headers={"Content-Type": content_type})


def _health(answer: Answer) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def respond(_: web.Request) -> web.Response:
        why_not = answer()
        return web.Response(text=f"{why_not or 'ok'}\n", status=503 if why_not else 200)

    return respond
