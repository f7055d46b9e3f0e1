"""Correcting messages that could not be used: read anew, the bytes that came stay, many at once."""

import pytest
from django.contrib.auth import get_user_model
from factories import connection, interchange, outcome, send, trace, transaction

from visibility.access.scopes import Scope, scope_of_company
from visibility.accounts.models import User
from visibility.core.errors import ConflictError, InputError, NotFoundError
from visibility.inbox.mending import Mend
from visibility.inbox.models import Connection, Message, MessageCorrection
from visibility.inbox.selectors import get_message
from visibility.pipeline.correcting import correct_alike, correct_message, find_alike, open_message
from visibility.pipeline.worker import drain

pytestmark = pytest.mark.django_db
X12 = "application/edi-x12"


@pytest.fixture
def rosa() -> User:
    return get_user_model().objects.create_user("rosa", first_name="Rosa", last_name="Ortiz")


def broken(at: Connection, number: str, quantity: str = "many") -> Message:
    body = interchange(
        transaction("850", f"BEG*00*SA*{number}**20261102", f"PO1*1*{quantity}*CA*12.5**BP*SKU-1", "CTT*1")
    )
    sent = send(at, body, X12)
    drain(message_ids=[sent.message_id])
    return Message.objects.get(pk=sent.message_id)


def line_of(message: Message, scope: Scope) -> int:
    cut = open_message(scope=scope, message_id=message.pk).cut
    return next(piece.number for piece in cut.pieces if piece.text.startswith("PO1"))


def correct(message: Message, scope: Scope, user: User, text: str, reason: str = "a slip") -> None:
    seen = open_message(scope=scope, message_id=message.pk).seen
    correct_message(
        scope=scope,
        user=user,
        message_id=message.pk,
        seen=seen,
        changes={line_of(message, scope): text},
        reason=reason,
    )
    drain(message_ids=[message.pk])


def test_a_corrected_message_is_read_anew_and_the_bytes_that_came_stay(rosa: User) -> None:
    at = connection()
    scope = scope_of_company(at.company_id)
    message = broken(at, "4500031")
    before = bytes(message.body)
    assert outcome(message.pk).status == "rejected"
    correct(message, scope, rosa, "PO1*1*40*CA*12.5**BP*SKU-1", "the sender said 40 on the phone")
    assert outcome(message.pk).status == "processed"
    assert trace("4500031", at=at)["lines"][0]["ordered"] == "40"
    detail = get_message(scope=scope, message_id=message.pk)
    assert detail.original == before
    assert b"*40*CA" in detail.body
    (made,) = detail.corrections
    assert (made.made_by, made.reason) == ("Rosa Ortiz", "the sender said 40 on the phone")


def test_a_second_correction_builds_on_the_first_and_supersedes_it(rosa: User) -> None:
    at = connection()
    scope = scope_of_company(at.company_id)
    message = broken(at, "4500032")
    correct(message, scope, rosa, "PO1*1*40*CA*12.5**BP*SKU-1")
    correct(message, scope, rosa, "PO1*1*45*CA*12.5**BP*SKU-1")
    (line,) = trace("4500032", at=at)["lines"]
    assert line["ordered"] == "45"
    assert list(MessageCorrection.objects.values_list("translation", flat=True)) == [2, 3]


def test_a_message_that_somebody_else_corrected_meanwhile_is_not_corrected_again(rosa: User) -> None:
    at = connection()
    scope = scope_of_company(at.company_id)
    message = broken(at, "4500033")
    seen = open_message(scope=scope, message_id=message.pk).seen
    correct(message, scope, rosa, "PO1*1*40*CA*12.5**BP*SKU-1")
    with pytest.raises(ConflictError):
        correct_message(
            scope=scope, user=rosa, message_id=message.pk, seen=seen, changes={5: "PO1*1*9"}, reason="late"
        )
    assert MessageCorrection.objects.count() == 1


def test_a_correction_needs_a_reason_and_a_change(rosa: User) -> None:
    at = connection()
    scope = scope_of_company(at.company_id)
    message = broken(at, "4500034")
    for reason, text, code in ((" ", "PO1*1*40*CA", "no_reason"), ("why", "", "unchanged")):
        readable = open_message(scope=scope, message_id=message.pk)
        number = line_of(message, scope)
        changes = {number: text or readable.cut.pieces[number - 1].text}
        with pytest.raises(InputError) as refused:
            correct_message(
                scope=scope,
                user=rosa,
                message_id=message.pk,
                seen=readable.seen,
                changes=changes,
                reason=reason,
            )
        assert refused.value.code == code
    assert not MessageCorrection.objects.exists()


def test_the_same_fault_is_found_in_other_messages_and_mended_in_all_of_them(rosa: User) -> None:
    at, elsewhere = connection(), connection()
    scope = scope_of_company(at.company_id)
    first, second, third = (broken(at, f"450004{n}") for n in range(3))
    sound, other = broken(at, "4500049", "7"), broken(elsewhere, "4500048")
    mends = [Mend(tag="PO1", element=2, was="many", becomes="12")]
    found = find_alike(scope=scope, message_id=first.pk, mends=mends)
    assert {each.message_id for each in found} == {second.pk, third.pk}
    assert all(each.outlook.usable for each in found)
    ids = [first.pk, second.pk, third.pk, sound.pk, other.pk]
    done, refused = correct_alike(scope=scope, user=rosa, message_ids=ids, mends=mends, reason="agreed: 12")
    assert done == 3
    assert len(refused) == 2
    drain(message_ids=ids)
    for message in (first, second, third):
        assert outcome(message.pk).status == "processed"
    assert outcome(other.pk).status == "rejected"


def test_rows_of_a_history_are_corrected_in_their_file() -> None:
    at = connection()
    message = broken(at, "4500036")
    kind = "application/vnd.throughline.history+csv"
    part = Message.objects.create(
        company=at.company,
        connection=at,
        content_type=kind,
        body=b"a;b",
        size=3,
        body_digest=message.body_digest,
    )
    with pytest.raises(InputError) as refused:
        open_message(scope=scope_of_company(at.company_id), message_id=part.pk)
    assert refused.value.code == "of_a_history"


def test_who_sees_one_partners_part_and_strangers_find_no_message(rosa: User) -> None:
    at = connection()
    message = broken(at, "4500035")
    for scope in (
        scope_of_company(connection().company_id),
        Scope(companies=(at.company_id,), partners=(1,)),
    ):
        with pytest.raises(NotFoundError):
            open_message(scope=scope, message_id=message.pk)
