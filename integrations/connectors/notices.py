"""Notices to webhooks, signed, and to chats. Both go out of the company's network only."""

import time
from typing import Any
from urllib.parse import urlsplit

import httpx
import msgspec
from apprise import Apprise
from django.conf import settings

from visibility.desk.sending import Note, NotSentError
from visibility.sync.outbound import check_address, find_address
from visibility.sync.signatures import read_secrets, sign

SECONDS = 10.0


class WebhookNotifier:
    """Posts a notice as JSON, signed as Standard Webhooks says. A 2xx is taken; nothing is followed."""

    def __init__(self, *, private: bool = False, transport: httpx.BaseTransport | None = None) -> None:
        self._private, self._transport = private, transport

    def send(self, *, target: str, secret: str, note: Note) -> None:
        """Post it. NotSentError with the answer's status, or why none came."""
        _scheme, host, port = check_address(target)
        allowed = settings.OUTBOUND_HOSTS
        address = find_address(host=host, port=port, private=self._private, allowed=allowed)
        body = msgspec.json.encode({"type": "case.notice", "timestamp": note.at, "data": note})
        signed = sign(keys=read_secrets(secret), message_id=note.id, timestamp=int(time.time()), body=body)
        url = httpx.URL(target)
        headers = {"Host": url.netloc.decode(), "Content-Type": "application/json", **signed}
        options: dict[str, Any] = {"timeout": SECONDS, "follow_redirects": False, "trust_env": False}
        try:
            with httpx.Client(transport=self._transport, **options) as client:
                answer = client.post(
                    url.copy_with(host=str(address)),
                    content=body,
                    headers=headers,
                    extensions={"sni_hostname": host},
                )
        except httpx.HTTPError as error:
            raise NotSentError(f"{host} was not reached: {error}") from error
        if not answer.is_success:
            raise NotSentError(f"{host} answered {answer.status_code}")


class ChatNotifier:
    """Sends a notice through Apprise, to the services settings.CHATS names: their hosts are their own."""

    def send(self, *, target: str, secret: str, note: Note) -> None:
        """Send it; the whole address is the secret, `target` only what may be shown of it."""
        if urlsplit(secret).scheme not in settings.CHATS:
            raise NotSentError(f"{target} is no chat that notices go to")
        chat = Apprise()
        if not chat.add(secret):
            raise NotSentError(f"{target} cannot be read as an address")
        if not chat.notify(title=f"Case {note.case_id}", body=f"{note.text}\n{note.url}"):
            raise NotSentError(f"{target} did not take it")
