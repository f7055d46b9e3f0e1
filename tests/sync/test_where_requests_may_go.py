"""No name leads a request of ours to an address inside, however it is written."""

import socket
from typing import Any

import pytest

from visibility.core.errors import InputError
from visibility.sync.outbound import find_address

INSIDE = (
    "127.0.0.1",
    "10.0.0.1",
    "100.64.0.1",
    "169.254.169.254",
    "0.0.0.0",
    "::",
    "::1",
    "::ffff:127.0.0.1",
    "::127.0.0.1",
    "fec0::1",
    "fd00:ec2::254",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::a9fe:a9fe",
    "2002:7f00:1::",
    "2001:0:7f00:1::",
)


def _resolve_to(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    def answer(*_args: Any, **_more: Any) -> list[tuple[Any, ...]]:
        return [(0, 0, 0, "", (each, 443)) for each in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", answer)


@pytest.mark.parametrize("address", INSIDE)
def test_a_name_that_leads_inside_is_refused(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    _resolve_to(monkeypatch, "93.184.216.34", address)
    with pytest.raises(InputError):
        find_address(host="hooks.example", port=443, private=False, allowed=())


@pytest.mark.parametrize("address", ["169.254.169.254", "64:ff9b::a9fe:a9fe", "2002:a9fe:a9fe::", "0.0.0.0"])
def test_not_even_a_connection_inside_is_led_to_the_clouds_metadata(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    _resolve_to(monkeypatch, address)
    with pytest.raises(InputError):
        find_address(host="erp.example", port=443, private=True, allowed=())


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:4700:4700::1111"])
def test_an_address_of_the_world_is_taken(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    _resolve_to(monkeypatch, address)
    assert str(find_address(host="hooks.example", port=443, private=False, allowed=())) == address


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "10.0.0.1"])
def test_a_connection_inside_may_be_meant(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    _resolve_to(monkeypatch, address)
    assert str(find_address(host="erp.example", port=443, private=True, allowed=())) == address
