"""Small X12 files of our own for the tests: an interchange around the segments a test is about."""

ISA = "ISA*00*          *00*          *ZZ*{sender:<15}*ZZ*{receiver:<15}*260302*0915*U*00401*000000107*0*P*>"


def wrap(
    *sets: list[str], code: str = "PO", sender: str = "NORTHGATE", receiver: str = "ACMEIND"
) -> list[str]:
    """The segments of one interchange with one group; each set is given without its ST and SE."""
    segments = [
        ISA.format(sender=sender, receiver=receiver),
        f"GS*{code}*{sender}*{receiver}*20260302*0915*107*X*004010",
    ]
    for number, body in enumerate(sets, 1):
        inner = [f"ST*{body[0]}*{number:04d}", *body[1:]]
        segments += [*inner, f"SE*{len(inner) + 1}*{number:04d}"]
    return [*segments, f"GE*{len(sets)}*107", "IEA*1*000000107"]


def write(segments: list[str], terminator: str = "~", between: str = "\n") -> bytes:
    """The file, `terminator` behind each segment and `between` after that."""
    return "".join(segment + terminator + between for segment in segments).encode("latin-1")


ORDER = ["850", "BEG*00*SA*4500017**20260227", "PO1*1*100*CA*12.5**BP*SKU-1042", "CTT*1"]
ANSWER = ["855", "BAK*00*AC*4500017*20260227", "PO1*1*100*CA*12.5**BP*SKU-1042", "ACK*IA*100*CA", "CTT*1"]
NOTICE = [
    "856",
    "BSN*00*ASN-900*20260316*1405*0001",
    "HL*1**S",
    "REF*BM*BOL-1",
    "HL*2*1*O",
    "PRF*4500017",
    "HL*3*2*I",
    "LIN*1*BP*SKU-1042",
    "SN1**60*CA",
    "CTT*3",
]
INVOICE = ["810", "BIG*20260318*INV-31**4500017", "IT1*1*60*CA*12.5**BP*SKU-1042", "TDS*75000", "CTT*1"]
RECEIPT = ["944", "W17*F*20260321*RCV-12*4500017", "W07*60*CA**BP*SKU-1042", "W14*60"]
