"""Cursors come from outside, like everything else."""

import base64

import pytest

from visibility.access.cursors import read_cursor, write_cursor
from visibility.access.scopes import Scope
from visibility.core.errors import NotFoundError
from visibility.flows.lists import list_flows
from visibility.inbox.lists import list_messages
from visibility.triage.lists import list_cases


def test_a_cursor_gives_back_what_it_was_given() -> None:
    assert read_cursor(write_cursor(None, 7), size=2) == [None, 7]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "inside", [b"[1e400, 1e400]", b'["x", "y"]', b"[null, null]", b"{}", b"[" * 9000, b"\xff", b"[1]"]
)
@pytest.mark.parametrize("read", [list_flows, list_cases, list_messages])
def test_a_cursor_that_we_did_not_write_finds_no_page_and_breaks_nothing(inside: bytes, read) -> None:
    cursor = base64.urlsafe_b64encode(inside).decode()
    try:
        page = read(scope=Scope(companies=(1,)), cursor=cursor)
    except NotFoundError:
        return
    assert page.rows == []
