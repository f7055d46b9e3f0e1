"""One order told by its buyer and its supplier, written for the browser tests."""

ISA = (
    "ISA*00*          *00*          *ZZ*{sender:<15}*ZZ*{receiver:<15}*{day}*{time}*U*00401*"
    "{control:09d}*0*P*>~"
)


def envelope(*, sender: str, receiver: str, day: str, group: str, control: int, sets: list[str]) -> bytes:
    """An interchange with one group of `sets`; each is the segments between ST and SE."""
    text = ISA.format(sender=sender, receiver=receiver, day=day[2:], time="0941", control=control)
    text += f"GS*{group}*{sender}*{receiver}*{day}*0941*{control}*X*004010~"
    for number, (code, *segments) in enumerate((s.split("~") for s in sets), 1):
        body = "".join(f"{segment}~" for segment in segments if segment)
        count = body.count("~") + 2
        text += f"ST*{code}*{number:04d}~{body}SE*{count}*{number:04d}~"
    return f"{text}GE*{len(sets)}*{control}~IEA*1*{control:09d}~".encode()


def order(day: str = "20261117", wanted: str = "20261130") -> bytes:
    """The 850: two lines, gloves and glasses."""
    return envelope(
        sender="NORTHGATE",
        receiver="ACMEIND",
        day=day,
        group="PO",
        control=101,
        sets=[
            f"850~BEG*00*SA*4500018277**{day}~CUR*BY*USD~DTM*002*{wanted}~N1*SU*Acme Industries*ZZ*ACMEIND~"
            "N1*ST*Dallas DC*UL*0614141000012~"
            "PO1*10*100*CA*62.00**BP*SKU-1042*VP*AC-7719~PID*F****Nitrile gloves M~"
            "PO1*20*40*CA*86.40**BP*SKU-1051~PID*F****Safety glasses~CTT*2"
        ],
    )


def answer(day: str = "20261118") -> bytes:
    """The 855: 60 of 100 of line 10, all of line 20."""
    return envelope(
        sender="ACMEIND",
        receiver="NORTHGATE",
        day=day,
        group="PR",
        control=4417,
        sets=[
            f"855~BAK*00*AC*4500018277*20261117****A-88120*{day}~"
            "PO1*10*100*CA*62.00**BP*SKU-1042~ACK*IQ*60*CA*067*20261130~"
            "PO1*20*40*CA*86.40**BP*SKU-1051~ACK*IA*40*CA*067*20261130~CTT*2"
        ],
    )


def ship_notice(day: str = "20261120") -> bytes:
    """The 856: line 20 left on ASN 7764."""
    return envelope(
        sender="ACMEIND",
        receiver="NORTHGATE",
        day=day,
        group="SH",
        control=4420,
        sets=[
            f"856~BSN*00*ASN7764*{day}*1420~HL*1**S~TD5**2*RDLN~REF*BM*BOL220118~DTM*011*{day}~DTM*017*20261123~"
            "HL*2*1*O~PRF*4500018277***20261117~HL*3*2*I~LIN*20*BP*SKU-1051~SN1**40*CA~CTT*3"
        ],
    )
