"""Small EDIFACT files of our own for the tests: an interchange around the segments a test is about."""

ADVICE = "UNA:+.? '"
HEADER = "UNB+UNOC:3+4012345000016:14+4098765000013:14+260302:0915+107"
ORDER = ["ORDERS:D:96A:UN:EAN008", "BGM+220+4500017+9", "LIN+1++SKU-1042:BP", "QTY+21:100:CT", "UNS+S"]
ANSWER = ["ORDRSP:D:96A:UN:EAN005", "BGM+231+RS-7+4", "RFF+ON:4500017", "LIN+1+5", "QTY+21:60:CT", "UNS+S"]
NOTICE = ["DESADV:D:96A:UN:EAN005", "BGM+351+ASN-900+9", "CPS+1", "LIN+1++SKU-1042:BP", "QTY+12:60:CT"]


def message(body: list[str], control: str) -> list[str]:
    """UNH to UNT around the segments, the message's type first."""
    inner = [f"UNH+{control}+{body[0]}", *body[1:]]
    return [*inner, f"UNT+{len(inner) + 1}+{control}"]


def wrap(*bodies: list[str], header: str = HEADER) -> list[str]:
    """The segments of one interchange without groups."""
    segments = [header]
    for number, body in enumerate(bodies, 1):
        segments += message(body, f"M{number}")
    return [*segments, f"UNZ+{len(bodies)}+107"]


def group(*bodies: list[str], code: str = "ORDERS", header: str = HEADER) -> list[str]:
    """The segments of one interchange with one group."""
    segments = [header, f"UNG+{code}+NORTHGATE:ZZ+ACME+260302:0915+31+UN+D:96A:EAN008"]
    for number, body in enumerate(bodies, 1):
        segments += message(body, f"M{number}")
    return [*segments, f"UNE+{len(bodies)}+31", "UNZ+1+107"]


def write(segments: list[str], between: str = "\r\n", advice: str = ADVICE) -> bytes:
    """The file; a terminator behind each segment and `between` after that."""
    text = "".join(segment + "'" + between for segment in segments)
    return ((advice + between if advice else "") + text).encode("latin-1")


def respell(body: bytes, usual: str, other: str) -> bytes:
    """The file with other separators: each character of `usual` becomes the one at its place in `other`."""
    return body.decode("latin-1").translate(str.maketrans(usual, other)).encode("latin-1")
