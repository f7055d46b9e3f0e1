"""Posting the sandbox's documents to the running site, as its partners would."""

import http.client
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from integrations.sandbox import SandboxDocument

PATIENCE_SECONDS = 60.0


@dataclass(frozen=True)
class Site:
    """Where to post, and the key of each connection."""

    host: str
    port: int
    keys: dict[str, str]


def wait_until_ready(*, site: Site, alive: Callable[[], bool]) -> None:
    """Wait for the site to answer. RuntimeError if it ends or does not answer within PATIENCE_SECONDS."""
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        if not alive():
            raise RuntimeError("the web process ended; its log says why")
        try:
            connection = http.client.HTTPConnection(site.host, site.port, timeout=5)
            connection.request("GET", "/api/v1/health/live")
            if connection.getresponse().status == http.HTTPStatus.OK:
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"the site did not answer within {PATIENCE_SECONDS:.0f} s")


def post_documents(
    *, site: Site, documents: Iterable[SandboxDocument], progress: Callable[[int], None]
) -> int:
    """Post each document with its connection's key. RuntimeError with the site's answer if one is refused."""
    connection = http.client.HTTPConnection(site.host, site.port, timeout=60)
    sent = 0
    for document in documents:
        connection.request(
            "POST",
            "/api/v1/messages",
            body=document.body,
            headers={
                "Authorization": f"Bearer {site.keys[document.connection]}",
                "Content-Type": document.content_type,
                "Content-Disposition": f'attachment; filename="{document.name}"',
            },
        )
        answer = connection.getresponse()
        text = answer.read()
        if answer.status != http.HTTPStatus.ACCEPTED:
            raise RuntimeError(f"{document.name} was refused: {answer.status} {text[:500]!r}")
        sent += 1
        progress(sent)
    return sent
