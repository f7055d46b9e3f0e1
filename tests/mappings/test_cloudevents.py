"""CloudEvents: located reasons, neighbours untouched."""

import msgspec
import pytest

from integrations.mappings.cloudevents import BATCH, CloudEventTranslator
from visibility.canonical.events import says_the_same
from visibility.inbox.ports import Unit, VerbatimMessage

GOOD = {
    "specversion": "1.0",
    "id": "1",
    "source": "/erp",
    "type": "order.placed",
    "data": {"order": {"number": "1"}},
}


def read(body: bytes, content_type: str = "application/cloudevents+json") -> list[Unit]:
    return list(CloudEventTranslator().translate(VerbatimMessage(body=body, content_type=content_type)))


@pytest.mark.parametrize(
    ("data", "where"),
    [
        (b'{"order":{"number":5}}', "/data/order/number"),
        (b'{"lines":[{"quantity":"1"},{"quantity":"abc"}]}', "/data/lines/1/quantity"),
        (b'{"lines":[{"quantity":"NaN"}]}', "/data/lines/0"),
        (b'{"released_at":"2026-11-23T10:00:00"}', "/data/released_at"),
    ],
)
def test_what_is_wrong_with_a_document_is_said_with_its_place(data: bytes, where: str) -> None:
    (unit,) = read(
        b'{"specversion":"1.0","id":"1","source":"/erp","type":"order.placed","data":' + data + b"}"
    )
    assert unit.documents == ()
    assert [problem.where for problem in unit.problems] == [where]


@pytest.mark.parametrize(
    "bad", [b'{"id":', b'"\xff"', b'{"a":NaN}', b"[" * 10_000, b"null", b'{"id":"2","source":"/x"}']
)
def test_a_bad_event_is_told_and_never_an_exception(bad: bytes) -> None:
    (unit,) = read(bad)
    assert unit.documents == ()
    assert unit.problems[0].text


def test_a_bad_event_of_a_batch_leaves_its_neighbours_alone() -> None:
    body = b"[" + msgspec.json.encode(GOOD) + b',{"id":"2"},' + msgspec.json.encode(GOOD | {"id": "3"}) + b"]"
    first, second, third = read(body, BATCH)
    assert (len(first.documents), len(second.documents), len(third.documents)) == (1, 0, 1)
    assert second.problems[0].where.startswith("/1")


def test_spacing_and_order_of_names_do_not_make_another_body() -> None:
    (one,) = read(msgspec.json.encode(GOOD))
    (other,) = read(msgspec.json.format(msgspec.json.encode(dict(reversed(GOOD.items()))), indent=4))
    (changed,) = read(msgspec.json.encode(GOOD | {"data": {"order": {"number": "2"}}}))
    before = one.documents[0]
    assert before.body is not None
    assert before.body_digest is not None
    for unit, same in ((other, True), (changed, False)):
        (told,) = unit.documents
        assert told.body is not None
        assert told.body_digest is not None
        said = says_the_same(
            raw=told.body, digest=told.body_digest, before=before.body_digest, event=before.body
        )
        assert said is same
