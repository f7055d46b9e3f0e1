"""What a file is, when nobody says: by its first bytes."""

X12 = "application/edi-x12"
EDIFACT = "application/edifact"
EVENT = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"
VENDORS = "application/json"
_EDIFACT_STARTS = (b"UNA", b"UNB")


def content_type_of(*, body: bytes, name: str = "") -> str:
    """JSON that begins with a bracket is a batch of events, with a brace an event, unless nothing in it looks
    like one: then it is a vendor's. A UNA or UNB begins EDIFACT; all else is read as X12, whose reader says
    what is wrong with it."""
    start = body[:64].removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith((b"[", b"{")) and b'":' in body and not _looks_like_an_event(body):
        return VENDORS
    if start.startswith(b"["):
        return BATCH
    if start.startswith(_EDIFACT_STARTS):
        return EDIFACT
    if start.startswith(b"{") or name.lower().endswith(".json"):
        return EVENT
    return X12


def _looks_like_an_event(body: bytes) -> bool:
    """By what CloudEvents have and vendors' documents do not have together."""
    return b'"specversion"' in body or (b'"type"' in body and (b'"data"' in body or b'"source"' in body))
