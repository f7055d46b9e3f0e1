"""Documents of commands: written once, when a command is first claimed, and kept with it.

Written in the transaction that claims: a number is taken if, and only if, the try is begun, documents leave
in the order of their numbers, and a command that was taken back before anybody sent it used none.
"""

import datetime as dt
import logging
from collections.abc import Mapping, Sequence
from functools import partial
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string
from msgspec import Struct

from visibility.canonical.documents import AnyDocument, Party
from visibility.core import clock, identifiers
from visibility.core.errors import InputError
from visibility.inbox.models import FunctionalReceipt, Message
from visibility.inbox.ports import OutgoingEnvelope, Separators, Writer
from visibility.inbox.profiles import writing_separators
from visibility.masterdata.models import CodeOverride, ControlRange, PartnerProfile, ProfileSet
from visibility.masterdata.profiles import standing_on
from visibility.masterdata.profiles_control import take_control
from visibility.sync.documents import Parties, document_of
from visibility.sync.models import OutboxMessage
from visibility.sync.ports import Delivery, OutgoingCommand, OutgoingDocument

log = logging.getLogger(__name__)

CONTENT_TYPES = {
    PartnerProfile.Syntax.X12: "application/edi-x12",
    PartnerProfile.Syntax.EDIFACT: "application/edifact",
}
IN_USE_FOR = dt.timedelta(days=60)
"""After which nobody waits for an acknowledgement any more."""
Numbers = tuple[int, int, int]
"""Of interchange, group and set."""


class Written(Struct, frozen=True, kw_only=True):
    """A command's document, or why there can be none."""

    document: OutgoingDocument | None = None
    message_id: UUID | None = None
    refusal: Delivery | None = None


NOTHING = Written()


def writer_of(syntax: str) -> Writer | None:
    """The writer that settings name for a syntax."""
    dotted = settings.WRITERS.get(syntax)
    return import_string(dotted)() if dotted else None


def kept_documents(*, ids: Sequence[UUID]) -> dict[UUID, OutgoingDocument]:
    """Documents that were written before, by their message."""
    rows = Message.objects.filter(pk__in=ids).values_list("pk", "body", "content_type", "name")
    return {
        own: OutgoingDocument(body=bytes(body), content_type=content_type, name=name)
        for own, body, content_type, name in rows
    }


def profiles_of(*, partners: Sequence[int]) -> dict[int, PartnerProfile]:
    """The profiles of partners that commands are written for."""
    rows = PartnerProfile.objects.filter(partner_id__in=partners, syntax__in=PartnerProfile.WRITTEN)
    return {row.partner_id: row for row in rows.select_related("partner", "company")}


def write_command(*, command: OutgoingCommand, connection_id: int, profile: PartnerProfile) -> Written:
    """Write a command as its partner reads it, and keep it, in the caller's transaction.

    Nothing for what has no document there. What cannot be written is refused with the reason: it would be
    again, and whoever asked for it decides anew.
    """
    try:
        with transaction.atomic():
            return _write(command, connection_id, profile)
    except InputError as error:
        text = f"It cannot be written for {profile.partner}: {error.text}"
    except Exception as error:  # what one partner's document does to us must not stop the others
        log.exception("%s could not be written", command.id)
        text = f"It cannot be written for {profile.partner}: {error}"
    return Written(refusal=Delivery(result="refused", failure="invalid", text=text))


def _write(command: OutgoingCommand, connection_id: int, profile: PartnerProfile) -> Written:
    writer = writer_of(profile.syntax)
    now = clock.now()
    document = document_of(
        type=command.type,
        data=command.data,
        parties=parties_of(profile),
        issued_at=now.replace(microsecond=0),
    )
    kind = kind_of(writer, document)
    if writer is None or document is None or not kind or _is_never_sent(profile, kind):
        return NOTHING
    numbers = _take_numbers(profile)
    envelope = envelope_of(profile=profile, numbers=numbers, moment=now)
    body = writer.write(documents=(document,), envelope=envelope)
    message = Message.objects.create(
        company_id=profile.company_id,
        connection_id=connection_id,
        direction=Message.Direction.OUT,
        content_type=CONTENT_TYPES[PartnerProfile.Syntax(profile.syntax)],
        name=f"{kind}-{numbers[0]:09d}-{command.id}.edi",
        body=body,
        size=len(body),
        body_digest=identifiers.digest(body),
    )
    OutboxMessage.objects.filter(pk=command.id).update(document=message)
    if profile.expects_functional:
        _expect_receipt(profile, message, numbers, document)
    return Written(
        document=OutgoingDocument(body=body, content_type=message.content_type, name=message.name),
        message_id=message.pk,
    )


def kind_of(writer: Writer | None, document: AnyDocument | None) -> str:
    """The set a document becomes; empty: none."""
    if writer is None or document is None:
        return ""
    return writer.kinds.get(str(type(document).__struct_config__.tag), "")


def parties_of(profile: PartnerProfile) -> Parties:
    """Both sides as documents name them."""
    return Parties(
        buyer=Party(ids=(profile.our_envelope_id,), name=str(profile.company)),
        supplier=Party(ids=(profile.their_envelope_id,), name=profile.partner.name),
    )


def _is_never_sent(profile: PartnerProfile, kind: str) -> bool:
    sets = list(ProfileSet.objects.filter(profile=profile, direction=ProfileSet.Direction.OUT, kind=kind))
    day = clock.now().astimezone(ZoneInfo(profile.company.time_zone)).date()
    words = standing_on(sets, direction=ProfileSet.Direction.OUT, kinds=(kind,), day=day)
    return ProfileSet.Standing.NEVER in words


def envelope_of(*, profile: PartnerProfile, numbers: Numbers, moment: dt.datetime) -> OutgoingEnvelope:
    """The envelope of a document to the partner, in the time of its zone."""
    zone = ZoneInfo(profile.time_zone) if profile.time_zone else dt.UTC
    return OutgoingEnvelope(
        syntax=profile.syntax,  # type: ignore[arg-type]  # one of WRITTEN
        version=profile.version,
        sender=profile.our_id,
        receiver=profile.their_id,
        sender_qualifier=profile.our_qualifier,
        receiver_qualifier=profile.their_qualifier,
        group_sender=profile.our_group,
        group_receiver=profile.their_group,
        interchange_control=numbers[0],
        group_control=numbers[1],
        set_control=numbers[2],
        moment=moment.astimezone(zone),
        usage=profile.usage,  # type: ignore[arg-type]  # one of the table's choices
        acknowledgement_requested=profile.asks_interchange,
        separators=writing_separators(profile) or Separators(),
        codes=codes_for_writing(profile),
    )


def codes_for_writing(profile: PartnerProfile) -> Mapping[str, Mapping[str, str]]:
    """By list and the standard's code what the partner wants to read; of several the first by its letters."""
    found: dict[str, dict[str, str]] = {}
    for code in CodeOverride.objects.filter(profile=profile).order_by("code_list", "theirs"):
        found.setdefault(code.code_list, {}).setdefault(code.standard, code.theirs)
    return found


def _take_numbers(profile: PartnerProfile) -> Numbers:
    kinds = ControlRange.Kind
    interchange = take_control(
        profile_id=profile.pk, kind=kinds.INTERCHANGE, in_use=partial(_waits, profile, "interchange_control")
    )
    # EDIFACT's groups are not written: its messages are numbered within the interchange.
    group = interchange
    if profile.syntax == PartnerProfile.Syntax.X12:
        waiting = partial(_waits, profile, "group_control")
        group = take_control(profile_id=profile.pk, kind=kinds.GROUP, in_use=waiting)
    return interchange, group, take_control(profile_id=profile.pk, kind=kinds.SET)


def _waits(profile: PartnerProfile, numbered: str, number: int) -> bool:
    """Whether something sent under this number is not acknowledged yet. Sets are numbered within a group."""
    receipts = FunctionalReceipt.objects.filter(
        company_id=profile.company_id,
        partner=profile.their_envelope_id,
        status="",
        sent_message_id__isnull=False,
        **{numbered: str(number)},
    )
    return receipts.exclude(sent_at__lt=clock.now() - IN_USE_FOR).exists()


def _expect_receipt(
    profile: PartnerProfile, message: Message, numbers: Numbers, document: AnyDocument
) -> None:
    """Note under which numbers it goes, so that the partner's answer finds it. Its clock runs from delivery.

    EDIFACT's interchange stands in the place of the group.
    """
    for control in (str(numbers[2]), ""):
        FunctionalReceipt.objects.update_or_create(
            company_id=profile.company_id,
            partner=profile.their_envelope_id,
            group_control=str(numbers[1]),
            set_control=control,
            defaults={
                "connection_id": message.connection_id,
                "sent_message_id": message.pk,
                "sent_at": None,
                "order_number": document.order.number if document.order and control else "",
                "interchange_control": str(numbers[0]),
                "answer_message_id": None,
                "answered_at": None,
                "status": "",
                "faults": [],
            },
        )
