"""What Northgate has agreed with its suppliers about documents, and a supplier that is being brought on."""

import datetime as dt
from collections.abc import Iterable, Mapping
from pathlib import Path

from integrations.sandbox import company as sandbox
from integrations.sandbox.documents import SandboxDocument, documents
from visibility.inbox.models import Connection
from visibility.masterdata.golive import Speaker
from visibility.masterdata.models import Company, PartnerProfile, TradingPartner
from visibility.masterdata.profiles import OUT_KINDS
from visibility.masterdata.profiles_certifying import certify, keep_file
from visibility.masterdata.profiles_parts import set_code, set_range, set_standing
from visibility.masterdata.profiles_setting import ProfileValues, set_profile
from visibility.sync.models import Endpoint

SPEAKER = Speaker("Rosa Chen", "As their EDI guide says")
BY_API = ("ACME",)
"""They send X12, and read JSON."""
NOT_YET = ("MERIDIAN", "TALLIS")
BEING_TESTED = "VIREO"
EXPECTED = ("855", "856", "810")
_TESTED = {"855": "answer.edi", "856": "ship-notice.edi"}


def agree_profiles(*, state: Path) -> None:
    """Agree a profile with most suppliers, once; one of them gets its orders' changes as X12 in a folder."""
    company = Company.objects.get(code="northgate")
    for supplier in sandbox.SUPPLIERS:
        partner = TradingPartner.objects.get(company=company, code=supplier.code)
        if supplier.code in NOT_YET or PartnerProfile.objects.filter(partner=partner).exists():
            continue
        profile = set_profile(company=company, partner=partner, values=_values(supplier), speaker=SPEAKER)
        for kind in EXPECTED:
            set_standing(profile=profile, direction="in", kind=kind, standing="expected", speaker=SPEAKER)
        if supplier.code in BY_API:
            continue
        for kind in OUT_KINDS["x12"][:2]:
            set_standing(profile=profile, direction="out", kind=kind, standing="expected", speaker=SPEAKER)
        if supplier.code == BEING_TESTED:
            set_code(profile=profile, code_list="unit", theirs="CS", standard="CA", speaker=SPEAKER)
            set_range(profile=profile, kind="interchange", first=500_000, last=599_999, speaker=SPEAKER)
            _deliver_to_folder(company, partner, state)


def _values(supplier: sandbox.Supplier) -> ProfileValues:
    own, marks = sandbox.NORTHGATE, supplier.party.punctuation
    by_api = supplier.code in BY_API
    return ProfileValues(
        syntax="json" if by_api else "x12",
        version="" if by_api else "004010",
        our_qualifier=own.qualifier,
        our_id=own.edi_id,
        their_qualifier=supplier.party.qualifier,
        their_id=supplier.party.edi_id,
        separators={} if by_api else {"element": marks.element, "line_end": marks.suffix},
        time_zone=sandbox.TIME_ZONE,
        usage="test" if supplier.code == BEING_TESTED else "production",
    )


def _deliver_to_folder(company: Company, partner: TradingPartner, state: Path) -> None:
    """A mailbox of the partner's own: what leaves for it lies there as it would be sent."""
    name = f"edi-{partner.code.lower()}"
    folder = state / name
    folder.mkdir(exist_ok=True)
    connection, _ = Connection.objects.get_or_create(
        name=name,
        defaults={
            "company": company,
            "title": f"{partner.name}, EDI mailbox",
            "witness": Connection.Witness.EDI,
            "issuer": company.issuer,
        },
    )
    Endpoint.objects.update_or_create(
        connection=connection,
        defaults={
            "role": Endpoint.Role.SUPPLIER,
            "partner_id": partner.pk,
            "connector": "folder",
            "settings": {"folder": str(folder)},
        },
    )


def keep_test_files(*, seed: int, orders: int, anchor: dt.datetime) -> None:
    """The files of the supplier that is being tested: two of three sets came, one is certified."""
    profile = PartnerProfile.objects.filter(
        company__code="northgate", partner__code=BEING_TESTED, files__isnull=True
    ).first()
    if profile is None:
        return
    found = _first_of_each(profile, documents(seed=seed, orders=orders, anchor=anchor))
    for kind, (content_type, body) in found.items():
        keep_file(profile=profile, name=_TESTED[kind], content_type=content_type, body=body, speaker=SPEAKER)
    certify(profile=profile, kind="855", speaker=Speaker("Rosa Chen", "Read as they meant it"))


def _first_of_each(
    profile: PartnerProfile, papers: Iterable[SandboxDocument]
) -> Mapping[str, tuple[str, bytes]]:
    found: dict[str, tuple[str, bytes]] = {}
    for paper in papers:
        if profile.their_id.encode() not in paper.body[35:50]:
            continue
        for kind in _TESTED.keys() - found.keys():
            if b"ST*%s*" % kind.encode() in paper.body:
                found[kind] = (paper.content_type, paper.body)
        if len(found) == len(_TESTED):
            break
    return found
