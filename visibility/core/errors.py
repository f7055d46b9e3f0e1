"""The errors the product raises on purpose.

ThroughlineError
├── InputError            the sender can mend it: code, where, text
│   ├── TooLargeError     over a limit (413)
│   ├── UnsupportedError  a content type or document we do not take (415)
│   └── ConflictError     the same identity with another body (409)
├── NotFoundError         no such thing, or not for this person (404)
├── ForbiddenError        this person may know of it, and not do this (403)
├── GoneError             a place to go on from that is there no longer (410)
├── FencedError           a lease was lost: another worker has the work now
└── MovedError            what was read without a lock is no longer so: begin again
"""


class ThroughlineError(Exception):
    """Anything the product raises on purpose."""


class InputError(ThroughlineError):
    """Something the sender can mend. `where` is a segment and element, a JSON pointer, or empty."""

    def __init__(self, code: str, text: str, where: str = "") -> None:
        super().__init__(text)
        self.code = code
        self.text = text
        self.where = where


class TooLargeError(InputError):
    """Over a limit of size, depth or count."""


class UnsupportedError(InputError):
    """A content type or document that is not taken here."""


class ConflictError(InputError):
    """The same identity came before with another body."""


class NotFoundError(ThroughlineError):
    """No such thing, or not one this person may know of."""


class ForbiddenError(ThroughlineError):
    """Something this person may not do; the text says who may."""


class GoneError(ThroughlineError):
    """What was handed out once and holds no longer; the text says how to go on."""


class FencedError(ThroughlineError):
    """The lease ran out and another worker took the work."""


class MovedError(ThroughlineError):
    """What was read without a lock changed before it was locked; the same work done again will see it."""
