"""Reading an X12 message aloud: each segment beside what it says, for the message page.

Nothing here decides anything: orders are read by the mappings. What has no words is shown as it came.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from integrations.formats.edi.guide import Nesting
from integrations.formats.x12.delimiters import BLANKS, Header, next_header_offset, read_header
from integrations.formats.x12.guides import guide
from integrations.mappings import x12_words as names
from integrations.mappings.edi.elements import explain_elements, say
from visibility.inbox.ports import ExplainedSegment, VerbatimMessage

MOST_SEGMENTS = 20_000
ENVELOPE = frozenset({"ISA", "GS", "GE", "IEA"})


class X12Reader:
    """The reader of application/edi-x12."""

    def explain(self, message: VerbatimMessage) -> list[ExplainedSegment]:
        """The segments of all interchanges in the message; empty where no interchange is found."""
        return explain(message.body)


@dataclass(frozen=True)
class Said:
    """What a segment says; `deciding` are the elements that decide something about an order."""

    text: str
    deciding: tuple[int, ...] = ()
    emphasis: bool = False


@dataclass
class Row:
    """A segment cut into elements, and what came before it in its set."""

    raw: str
    separator: str
    elements: list[str]
    level: dict[str, int] = field(default_factory=dict)

    def e(self, number: int) -> str:
        """The element, trimmed; empty where there is none."""
        return self.elements[number].strip() if number < len(self.elements) else ""

    def word(self, number: int, table: Mapping[str, object]) -> str:
        """What a code means, or the code itself."""
        code = self.e(number)
        return str(table.get(code, code))

    def date(self, number: int) -> str:
        """A date in words, or as it came."""
        return date_in_words(self.e(number))

    def items(self, first: int) -> str:
        """The pairs of qualifier and item number from an element on."""
        pairs = [
            f"{self.word(place, names.ITEM_IDS)} {self.e(place + 1)}"
            for place in range(first, len(self.elements) - 1, 2)
            if self.e(place) and self.e(place + 1)
        ]
        return ", ".join(pairs)

    def amount(self, quantity: int, unit: int) -> str:
        """60 cases (CA)"""
        code = self.e(unit)
        unit_word = f"{names.UNITS[code]} ({code})" if code in names.UNITS else code
        return " ".join(part for part in (self.e(quantity), unit_word) if part)

    def spans(self, numbers: tuple[int, ...]) -> tuple[tuple[int, int], ...]:
        """Where elements stand in the raw text."""
        places, position = [], 0
        for number, element in enumerate(self.elements):
            if number in numbers and element:
                places.append((position, position + len(element)))
            position += len(element) + len(self.separator)
        return tuple(places)


def explain(body: bytes) -> list[ExplainedSegment]:
    """The segments of a message, numbered from 1 across it."""
    text = body.decode("latin-1")
    found: list[ExplainedSegment] = []
    offset = next_header_offset(text, 0)
    while offset >= 0 and len(found) < MOST_SEGMENTS:
        header = read_header(text, offset)
        if not isinstance(header, Header):
            break
        following = next_header_offset(text, header.end)
        end = following if following >= 0 else len(text)
        _explain_interchange(text[offset:end], header, found)
        offset = following
    return found


def _explain_interchange(text: str, header: Header, found: list[ExplainedSegment]) -> None:
    separator, terminator = header.delimiters.element, header.delimiters.segment
    depths: dict[str, int] = {}
    depth = 0
    nesting = Nesting(guide().otherwise)
    for piece in text.split(terminator):
        raw = piece.strip(BLANKS).replace("\r", "").replace("\n", "")
        if not raw or len(found) >= MOST_SEGMENTS:
            continue
        shown = _readable(raw)
        row = Row(raw=shown, separator=separator, elements=shown.split(separator))
        tag = row.elements[0].strip()
        if tag == "ST":
            depths, depth = {}, 0
            nesting = Nesting(guide().loops_of(row.e(1)))
        elif tag == "HL":
            depth = min(depths.get(row.e(2), -1) + 1, 4)
            depths[row.e(1)] = depth
        elif tag in ("CTT", "SE"):
            depth = 0
        inside = 0 if tag in ENVELOPE or tag in ("ST", "SE") else nesting.depth_of(tag)
        component = header.delimiters.component
        parts = [each.split(component) if tag != "ISA" else [each] for each in row.elements]
        parts[0] = [tag]
        explained = explain_elements(guide=guide(), elements=parts)
        known = tag in guide().segments and tag not in TELLERS
        said = Said(say(guide=guide(), tag=tag, explained=explained)) if known else _say(tag, row)
        found.append(
            ExplainedSegment(
                number=len(found) + 1,
                raw=shown + _readable(terminator if terminator.strip(BLANKS) else ""),
                meaning=said.text,
                emphasis=said.emphasis,
                # Ship notices nest by what their levels say of themselves, others by their loops.
                depth=depth if depths else inside,
                deciding=row.spans(said.deciding),
                faint=tag in ENVELOPE,
                elements=explained,
            )
        )


def _readable(text: str) -> str:
    """Bytes that are UTF-8 shown as such; runs of padding kept, as they came."""
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        return text


def _say(tag: str, row: Row) -> Said:
    teller = TELLERS.get(tag)
    if teller is None:
        return Said(_("No words for %(tag)s here; kept as it came.") % {"tag": tag})
    told = teller(row)
    said = told if isinstance(told, Said) else Said(told)
    return said if said.text else Said(_("%(tag)s without content.") % {"tag": tag})


def date_in_words(value: str) -> str:
    """30 Nov 2026 for 20261130 or 261130; as it came where it is no date."""
    digits = f"20{value}" if len(value) == 6 else value
    try:
        return date_format(dt.datetime.strptime(digits, "%Y%m%d").date(), "j M Y")  # noqa: DTZ007  a date only
    except ValueError:
        return value


def _time(value: str) -> str:
    return f"{value[:2]}:{value[2:4]}" if len(value) >= 4 and value[:4].isdigit() else value


def _cents(value: str) -> str:
    """An amount with two implied decimals: 345600 is 3,456.00."""
    try:
        return f"{Decimal(value) / 100:,.2f}"
    except InvalidOperation:
        return value


def _join(*parts: str) -> str:
    return ", ".join(part for part in parts if part)


def _isa(row: Row) -> str:
    usage = {"P": _("production"), "T": _("test"), "I": _("information")}.get(row.e(15), row.e(15))
    return _("Envelope from %(sender)s to %(receiver)s, %(date)s %(time)s, number %(control)s, %(usage)s") % {
        "sender": row.e(6),
        "receiver": row.e(8),
        "date": row.date(9),
        "time": _time(row.e(10)),
        "control": row.e(13),
        "usage": usage,
    }


def _gs(row: Row) -> str:
    return _("Group of %(kind)s, X12 version %(version)s, number %(control)s") % {
        "kind": row.word(1, names.GROUPS),
        "version": row.e(8)[:6],
        "control": row.e(6),
    }


def _st(row: Row) -> str:
    return _("%(document)s, number %(control)s in its group") % {
        "document": row.word(1, names.SETS),
        "control": row.e(2),
    }


def _beg(row: Row) -> Said:
    release = _("release %(release)s") % {"release": row.e(4)} if row.e(4) else ""
    text = _("Purchase order %(number)s of %(date)s: %(kind)s, %(purpose)s") % {
        "number": row.e(3),
        "date": row.date(5),
        "kind": row.word(2, names.ORDER_KINDS),
        "purpose": row.word(1, names.PURPOSES),
    }
    return Said(_join(text, release), (3,))


def _bak(row: Row) -> Said:
    text = _("%(code)s: %(answer)s. Your PO %(number)s of %(date)s") % {
        "code": row.e(2),
        "answer": row.word(2, names.ANSWERS),
        "number": row.e(3),
        "date": row.date(4),
    }
    own = _("the supplier's order %(number)s") % {"number": row.e(8)} if row.e(8) else ""
    answered = _("answered %(date)s") % {"date": row.date(9)} if row.e(9) else ""
    whole = row.e(2) in ("RD", "RJ", "RF", "RO", "AH")
    return Said(_join(text, own, answered), (2, 3), emphasis=whole)


def _po1(row: Row) -> str:
    price = _("at %(price)s") % {"price": row.e(4)} if row.e(4) else ""
    line = _("Line %(line)s: %(amount)s") % {"line": row.e(1) or "–", "amount": row.amount(2, 3)}
    return _join(f"{line} {price}".strip(), row.items(6))


def _ack(row: Row) -> Said:
    code = row.e(1)
    text = _("%(code)s %(answer)s: %(amount)s") % {
        "code": code,
        "answer": row.word(1, names.LINE_ANSWERS),
        "amount": row.amount(2, 3) or _("as ordered"),
    }
    when = f"{row.word(4, names.DATES)} {row.date(5)}" if row.e(5) else ""
    as_ordered = code in ("IA", "AC", "AR")
    return Said(_join(text, when, row.items(7)), () if as_ordered else (1, 2, 5), emphasis=not as_ordered)


def _sch(row: Row) -> Said:
    text = _("Of these %(amount)s: %(what)s %(date)s") % {
        "amount": row.amount(1, 2),
        "what": row.word(5, names.DATES),
        "date": row.date(6),
    }
    return Said(text, (1, 6))


def _dtm(row: Row) -> str:
    return f"{row.word(1, names.DATES).capitalize()} {row.date(2)} {_time(row.e(3))}".strip()


def _ref(row: Row) -> str:
    return _join(f"{row.word(1, names.REFERENCES).capitalize()} {row.e(2)}".strip(), row.e(3))


def _n1(row: Row) -> str:
    identity = f"{row.word(3, names.PARTY_IDS)} {row.e(4)}" if row.e(4) else ""
    return _join(f"{row.word(1, names.PARTIES)} {row.e(2)}".strip(), identity)


def _address(row: Row) -> str:
    return _("Address: %(text)s") % {
        "text": ", ".join(part.strip() for part in row.elements[1:] if part.strip())
    }


def _bsn(row: Row) -> Said:
    text = _("Shipment %(number)s, %(purpose)s, made %(date)s %(time)s") % {
        "number": row.e(2),
        "purpose": row.word(1, names.PURPOSES),
        "date": row.date(3),
        "time": _time(row.e(4)),
    }
    return Said(text, (2,))


def _hl(row: Row) -> str:
    level = row.word(3, names.LEVELS)
    if row.e(2):
        return _("%(level)s %(id)s, inside %(parent)s") % {"level": level, "id": row.e(1), "parent": row.e(2)}
    return _("%(level)s %(id)s") % {"level": level, "id": row.e(1)}


def _td1(row: Row) -> str:
    packages = _("%(count)s packages (%(code)s)") % {"count": row.e(2), "code": row.e(1)} if row.e(2) else ""
    weight = _("weight %(weight)s %(unit)s") % {"weight": row.e(7), "unit": row.e(8)} if row.e(7) else ""
    return _join(packages, weight) or _("Packing")


def _td5(row: Row) -> str:
    return _("Carrier %(carrier)s") % {"carrier": _join(row.e(3), row.e(5)) or _("not named")}


def _prf(row: Row) -> Said:
    date = _("of %(date)s") % {"date": row.date(4)} if row.e(4) else ""
    text = _("For your PO %(number)s") % {"number": row.e(1)}
    return Said(f"{text} {date}".strip(), (1,))


def _lin(row: Row) -> str:
    line = _("Order line %(line)s") % {"line": row.e(1)} if row.e(1) else _("Item")
    return _join(line, row.items(2))


def _sn1(row: Row) -> Said:
    ordered = _("of %(ordered)s ordered") % {"ordered": row.amount(5, 6)} if row.e(5) else ""
    text = _("Shipped: %(amount)s") % {"amount": row.amount(2, 3)}
    short = bool(row.e(5)) and row.e(5) != row.e(2)
    return Said(f"{text} {ordered}".strip(), (2,), emphasis=short)


def _man(row: Row) -> str:
    if row.e(1) == "GM":
        return _("Label SSCC %(number)s") % {"number": row.e(2)}
    return _("Label %(number)s") % {"number": row.e(2)}


def _big(row: Row) -> Said:
    text = _("Invoice %(number)s of %(date)s") % {"number": row.e(2), "date": row.date(1)}
    order = (
        _("for your PO %(number)s of %(date)s") % {"number": row.e(4), "date": row.date(3)}
        if row.e(4)
        else ""
    )
    credit = _("a credit note") if row.e(7) in ("CR", "CN") else ""
    return Said(_join(f"{text} {order}".strip(), credit), (2, 4))


def _it1(row: Row) -> Said:
    line = _("Line %(line)s: billed %(amount)s at %(price)s") % {
        "line": row.e(1) or "–",
        "amount": row.amount(2, 3),
        "price": row.e(4) or _("no price"),
    }
    return Said(_join(line, row.items(6)), (2, 4))


def _tds(row: Row) -> str:
    return _("Total %(amount)s (two decimals are implied)") % {"amount": _cents(row.e(1))}


def _sac(row: Row) -> str:
    what = f"{row.word(1, names.CHARGES)} {row.e(15) or row.e(2)}".strip()
    amount = _("%(amount)s (two decimals are implied)") % {"amount": _cents(row.e(5))} if row.e(5) else ""
    return _join(what, amount)


def _txi(row: Row) -> str:
    return _("Tax %(kind)s: %(amount)s") % {"kind": row.e(1), "amount": row.e(2) or row.e(3)}


def _w17(row: Row) -> Said:
    text = _("Warehouse receipt %(receipt)s of %(date)s for order %(number)s") % {
        "receipt": row.e(3),
        "date": row.date(2),
        "number": row.e(4) or _("not named"),
    }
    shipment = _("shipment %(number)s") % {"number": row.e(5)} if row.e(5) else ""
    return Said(_join(text, shipment), (3, 4))


def _w07(row: Row) -> Said:
    return Said(_join(_("Received: %(amount)s") % {"amount": row.amount(1, 2)}, row.items(4)), (1,))


def _w13(row: Row) -> Said:
    text = _("Exception: %(amount)s %(reason)s") % {
        "amount": row.amount(1, 2),
        "reason": row.word(3, names.EXCEPTIONS),
    }
    return Said(text, (1, 3), emphasis=True)


def _w14(row: Row) -> str:
    return _("Received in all: %(count)s") % {"count": row.e(1)}


def _w08(row: Row) -> str:
    return _("Came by %(carrier)s") % {"carrier": _join(row.e(2), row.e(3)) or row.e(1)}


def _amt(row: Row) -> str:
    return _("Amount (%(code)s): %(amount)s") % {"code": row.e(1), "amount": row.e(2)}


def _pid(row: Row) -> str:
    return _("Description: %(text)s") % {"text": row.e(5) or row.e(4)}


def _itd(row: Row) -> str:
    if row.e(12):
        return _("Payment: %(text)s") % {"text": row.e(12)}
    days = _("net %(days)s days") % {"days": row.e(7)} if row.e(7) else ""
    discount = (
        _("%(percent)s %% within %(days)s days") % {"percent": row.e(3), "days": row.e(5)} if row.e(3) else ""
    )
    return _("Payment: %(terms)s") % {"terms": _join(discount, days) or _("as agreed")}


def _fob(row: Row) -> str:
    return _("Freight: %(who)s") % {"who": _join(row.word(1, names.PAYMENT), row.e(3))}


def _ctt(row: Row) -> str:
    return _("%(count)s lines, as the sender counted") % {"count": row.e(1)}


def _se(row: Row) -> str:
    return _("End of the document: %(count)s segments, as the sender counted") % {"count": row.e(1)}


def _ge(row: Row) -> str:
    return _("End of the group: %(count)s documents, as the sender counted") % {"count": row.e(1)}


def _iea(row: Row) -> str:
    return _("End of the envelope: %(count)s groups, as the sender counted") % {"count": row.e(1)}


def _cur(row: Row) -> str:
    return _("Currency %(code)s") % {"code": row.e(2)}


def _per(row: Row) -> str:
    return _("Contact: %(text)s") % {"text": _join(row.e(2), row.e(4))}


def _n9(row: Row) -> str:
    return _ref(row)


def _ak1(row: Row) -> str:
    return _("Answers the group of %(kind)s number %(control)s") % {
        "kind": row.word(1, names.GROUPS),
        "control": row.e(2),
    }


def _ak2(row: Row) -> str:
    return _("Answers the %(document)s number %(control)s") % {"document": row.e(1), "control": row.e(2)}


def _ak5(row: Row) -> Said:
    return Said(_verdict(row.e(1)), (1,), emphasis=row.e(1) not in ("A", ""))


def _ak9(row: Row) -> Said:
    text = _("Group %(verdict)s: %(accepted)s of %(sent)s documents") % {
        "verdict": _verdict(row.e(1)).lower(),
        "accepted": row.e(4),
        "sent": row.e(2),
    }
    return Said(text, (1,), emphasis=row.e(1) not in ("A", ""))


def _ctp(row: Row) -> str:
    return _("Price (%(code)s): %(price)s") % {"code": row.e(2), "price": row.e(3)}


def _po4(row: Row) -> str:
    return _("Packing: %(count)s in a pack") % {"count": row.e(1) or row.e(14) or "–"}


def _text(row: Row) -> str:
    said = row.e(2) if row.elements[0] == "NTE" else row.e(1)
    return _("Note: %(text)s") % {"text": said}


def _csh(row: Row) -> str:
    return _("Sales condition %(code)s") % {"code": row.e(1)}


def _measure(row: Row) -> str:
    if row.elements[0] == "W20":
        amount = f"{row.e(4)} {row.e(6)}".strip() or f"{row.e(2)} {row.e(1)}".strip()
    else:
        amount = f"{row.e(3)} {row.e(4)}".strip()
    return _("Measure: %(amount)s") % {"amount": amount or "–"}


def _iss(row: Row) -> str:
    return _("Shipped in all: %(amount)s") % {"amount": row.amount(1, 2) or "–"}


def _cad(row: Row) -> str:
    return _("Carrier %(carrier)s") % {"carrier": _join(row.e(4), row.e(5)) or _("not named")}


def _verdict(code: str) -> str:
    return {
        "A": _("Accepted"),
        "E": _("Accepted, with errors noted"),
        "P": _("Partly accepted"),
        "R": _("Rejected"),
    }.get(code, code or _("No verdict"))


TELLERS: Mapping[str, Callable[[Row], str | Said]] = {
    "ISA": _isa, "GS": _gs, "ST": _st, "SE": _se, "GE": _ge, "IEA": _iea,
    "BEG": _beg, "BAK": _bak, "PO1": _po1, "ACK": _ack, "SCH": _sch, "DTM": _dtm, "REF": _ref, "N9": _n9,
    "N1": _n1, "N2": _address, "N3": _address, "N4": _address, "CTT": _ctt, "CUR": _cur, "PER": _per,
    "BSN": _bsn, "HL": _hl, "TD1": _td1, "TD5": _td5, "PRF": _prf, "LIN": _lin, "SN1": _sn1, "MAN": _man,
    "BIG": _big, "IT1": _it1, "TDS": _tds, "SAC": _sac, "TXI": _txi,
    "W17": _w17, "W07": _w07, "W13": _w13, "W14": _w14, "W08": _w08,
    "CTP": _ctp, "PO4": _po4, "MSG": _text, "NTE": _text, "CSH": _csh, "MEA": _measure, "W20": _measure,
    "ISS": _iss, "CAD": _cad,
    "AMT": _amt, "PID": _pid, "ITD": _itd, "FOB": _fob,
    "AK1": _ak1, "AK2": _ak2, "AK5": _ak5, "AK9": _ak9,
}  # fmt: skip
