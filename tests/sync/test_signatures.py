"""Signatures as Standard Webhooks says, and secrets that nobody reads in the database."""

import base64
import hmac
from hashlib import sha256

import pytest
from cryptography.fernet import Fernet

from visibility.core.errors import InputError
from visibility.sync.sealing import open_secret, reseal_secret, seal_secret
from visibility.sync.signatures import read_secrets, sign, verify

OLD = "whsec_" + base64.b64encode(b"an old secret of some length").decode()
NEW = "whsec_" + base64.b64encode(b"the new secret of some length").decode()
BODY = b'{"type":"order.line.confirm"}'


def signed(secrets: str, *, at: int = 1_000) -> dict[str, str]:
    return sign(keys=read_secrets(secrets), message_id="msg-1", timestamp=at, body=BODY)


def test_a_signature_is_the_hmac_of_id_time_and_body():
    key = b"an old secret of some length"
    wanted = base64.b64encode(hmac.new(key, b"msg-1.1000." + BODY, sha256).digest()).decode()
    assert signed(OLD)["webhook-signature"] == f"v1,{wanted}"


def test_while_a_secret_changes_either_side_may_be_first():
    both = signed(f"{OLD} {NEW}")
    for known in (OLD, NEW, f"{NEW} {OLD}"):
        assert verify(keys=read_secrets(known), headers=both, body=BODY, now=1_000) == ""
    assert verify(keys=read_secrets(f"{OLD} {NEW}"), headers=signed(OLD), body=BODY, now=1_000) == ""
    assert verify(keys=read_secrets(NEW), headers=signed(OLD), body=BODY, now=1_000) == "no signature fits"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"webhook-id": "msg-2"}, "no signature fits"),
        ({"webhook-timestamp": "1001"}, "no signature fits"),
        ({"webhook-timestamp": "²"}, "webhook-id and webhook-timestamp are missing or wrong"),
        ({"webhook-id": ""}, "webhook-id and webhook-timestamp are missing or wrong"),
        ({"webhook-signature": ""}, "no signature fits"),
        ({"webhook-signature": "v2,AAAA é"}, "no signature fits"),
    ],
)
def test_what_was_changed_on_the_way_is_not_believed(change, said):
    assert verify(keys=read_secrets(OLD), headers=signed(OLD) | change, body=BODY, now=1_000) == said


def test_another_body_or_another_time_is_not_believed():
    keys = read_secrets(OLD)
    assert verify(keys=keys, headers=signed(OLD), body=BODY + b" ", now=1_000) == "no signature fits"
    for now in (699, 1_301):
        assert "300 s" in verify(keys=keys, headers=signed(OLD), body=BODY, now=now)
    assert verify(keys=keys, headers=signed(OLD), body=BODY, now=1_300) == ""


@pytest.mark.parametrize("text", ["whsec_not base64!", "whsec_" + base64.b64encode(b"short").decode()])
def test_a_secret_that_is_none_is_refused_without_being_repeated(text):
    with pytest.raises(InputError) as refused:
        read_secrets(text)
    assert "short" not in refused.value.text.replace("shorter", "")
    assert refused.value.where == "secret"


def test_a_secret_is_kept_so_that_only_a_key_opens_it(settings):
    settings.SYNC_KEYS = [Fernet.generate_key().decode()]
    sealed = seal_secret(OLD)
    assert OLD.encode() not in sealed
    assert open_secret(sealed) == OLD
    older = settings.SYNC_KEYS[0]
    settings.SYNC_KEYS = [Fernet.generate_key().decode(), older]
    assert open_secret(sealed) == OLD
    moved = reseal_secret(sealed)
    settings.SYNC_KEYS = settings.SYNC_KEYS[:1]
    assert open_secret(moved) == OLD
    with pytest.raises(InputError):
        open_secret(sealed)


def test_without_keys_one_is_derived_and_no_secret_stays_none(settings):
    settings.SYNC_KEYS = []
    assert open_secret(seal_secret(NEW)) == NEW
    assert seal_secret("") == b""
    assert open_secret(b"") == ""
    settings.SECRET_KEY = "another one"
    with pytest.raises(InputError):
        open_secret(seal_with("of before", settings))


def seal_with(text: str, settings: object) -> bytes:
    settings.SECRET_KEY = "the one before"  # type: ignore[attr-defined]
    sealed = seal_secret(text)
    settings.SECRET_KEY = "another one"  # type: ignore[attr-defined]
    return sealed
