"""Fields of a document as elements of X12 and EDIFACT: checked, or refused with the field's place.

What things are found by (numbers, codes) is written as it is or refused. A text for people (a name, a
description, a note) is mended: what the syntax or the character set has no way to write becomes a blank.
What is too long is refused, never cut: half a number is another number, and half a sentence may say the
opposite.
"""

import datetime as dt
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal

from visibility.core.errors import InputError

_NO_CODES: Mapping[str, Mapping[str, str]] = {}
_AS_STANDARD: Mapping[str, str] = {}
MAX_DECIMALS = 9
"""Behind the point: what our own reader takes, and more than any price list has."""


class Fields:
    """Turns fields into elements. `taken`: characters that no value may hold; `codes`: as in the envelope.

    `within` sets the part of the document that is spoken of: errors name their field by a JSON pointer.
    """

    def __init__(
        self,
        *,
        taken: str = "",
        charset: str = "utf-8",
        codes: Mapping[str, Mapping[str, str]] = _NO_CODES,
        decimal: str = ".",
        place: str = "",
    ) -> None:
        self._taken = frozenset(taken)
        self._charset = charset
        self._codes = codes
        self._decimal = decimal
        self._place = place

    @contextmanager
    def within(self, part: str) -> Iterator[None]:
        """Fields from here on are parts of `part` ("lines/3")."""
        before = self._place
        self._place = f"{before}/{part}"
        try:
            yield
        finally:
            self._place = before

    def refuse(self, field: str, text: str, code: str = "not_expressible") -> InputError:
        """The error for a field; raise what it gives."""
        where = f"{self._place}/{field}" if field else self._place
        return InputError(code, f"{where or 'the document'}: {text}", where)

    def identifier(self, value: str, field: str, longest: int, shortest: int = 1) -> str:
        """What something is found by, as it is; empty stays empty."""
        if not value:
            return ""
        if value != value.strip() or not value.isprintable() or not self._writable(value):
            text = f"{value[:40]!r} holds a character that cannot be written with these separators"
            raise self.refuse(field, text, "separator_in_value")
        self._check_length(value, field, longest)
        if len(value) < shortest:
            raise self.refuse(field, f"{value!r} is shorter than the {shortest} characters of its element")
        return value

    def needed(self, value: str, field: str, longest: int, shortest: int = 1) -> str:
        """As `identifier`, for what must be there."""
        if not value:
            raise self.refuse(field, "is empty, and must be told", "field_missing")
        return self.identifier(value, field, longest, shortest)

    def text(self, value: str, field: str, longest: int) -> str:
        """A text for people; characters that cannot be written become their plain letters or blanks."""
        mended = "".join(self._plain(char) for char in value).strip()
        self._check_length(mended, field, longest)
        return mended

    def number(self, value: Decimal | None, field: str, digits: int = 15) -> str:
        """A decimal without exponent or idle zeros; `digits` leaves sign and point out of the count."""
        if value is None:
            return ""
        written = f"{value:f}"
        if "." in written:
            written = written.rstrip("0").rstrip(".")
        if written in {"-0", ""}:
            written = "0"
        whole, _, fraction = written.lstrip("-").partition(".")
        if len(whole) + len(fraction) > digits or len(fraction) > MAX_DECIMALS:
            text = f"{written} has too many digits: {digits} fit, {MAX_DECIMALS} of them behind the point"
            raise self.refuse(field, text, "too_long")
        return written.replace(".", self._decimal)

    def implied(self, value: Decimal | None, field: str, digits: int = 15) -> str:
        """An amount with two implied decimals (N2)."""
        if value is None:
            return ""
        cents = value * 100
        if cents != cents.to_integral_value():
            raise self.refuse(field, f"{value} has more than two decimals, and amounts here have two")
        return self.number(cents.to_integral_value(), field, digits)

    def day(self, value: dt.date | None, *, century: bool = True) -> str:
        """A date as CCYYMMDD, or YYMMDD where the release knows no centuries."""
        if value is None:
            return ""
        return f"{value:%Y%m%d}" if century else f"{value:%y%m%d}"

    def code(self, name: str, standard: str) -> str:
        """The standard's code as this partner wants to read it. `name` is that of the code list."""
        return self._codes.get(name, _AS_STANDARD).get(standard, standard)

    def _writable(self, value: str) -> bool:
        if self._taken.intersection(value):
            return False
        try:
            value.encode(self._charset)
        except UnicodeEncodeError:
            return False
        return True

    def _plain(self, char: str) -> str:
        if not char.isprintable():
            return " "
        if self._writable(char):
            return char
        base = unicodedata.normalize("NFKD", char)[:1]
        return base if base != char and base.isprintable() and self._writable(base) else " "

    def _check_length(self, value: str, field: str, longest: int) -> None:
        if len(value) > longest:
            text = f"has {len(value)} characters, {longest} fit into its element"
            raise self.refuse(field, text, "too_long")
