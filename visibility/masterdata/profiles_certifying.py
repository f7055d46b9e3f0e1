"""Test files of partners, and which kinds of documents they proved: who kept or said so, and when."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F

from visibility.core import clock, identifiers
from visibility.core.errors import InputError, NotFoundError
from visibility.masterdata.audit import keep_changes, need_reason
from visibility.masterdata.golive import Speaker
from visibility.masterdata.models import CertificationFile, PartnerProfile, ProfileSet
from visibility.masterdata.profiles import ENTITY
from visibility.masterdata.profiles_setting import keep_change, lock_profile

MOST_FILES = 40
MOST_BYTES = 2 * 1024 * 1024
_BODILESS = ("id", "name", "content_type", "size", "kept_by", "kept_at")


def keep_file(
    *, profile: PartnerProfile, name: str, content_type: str, body: bytes, speaker: Speaker
) -> CertificationFile:
    """Keep a test file of the partner's; the same bytes once. InputError for an empty or too large one."""
    if not body.strip():
        raise InputError("file_empty", f"{name[:80]} is empty.", "/files")
    if len(body) > MOST_BYTES:
        raise InputError(
            "file_large", f"{name[:80]} has over {MOST_BYTES // 2**20} MB: a test file is small.", "/files"
        )
    digest = identifiers.digest(body)
    with transaction.atomic():
        lock_profile(profile=profile)
        kept = CertificationFile.objects.filter(profile=profile)
        known = kept.filter(digest=digest).first()
        if known is not None:
            return known
        if kept.count() >= MOST_FILES:
            raise InputError("files_many", f"At most {MOST_FILES} files: take old ones away.", "/files")
        return CertificationFile.objects.create(
            profile=profile,
            name=name[:255],
            content_type=content_type,
            body=body,
            size=len(body),
            digest=digest,
            kept_by=speaker.who[:120],
            kept_at=clock.now(),
        )


def remove_file(*, profile: PartnerProfile, file_id: int, speaker: Speaker) -> None:
    """Take a test file away; the history says who did. NotFoundError where it is not the profile's."""
    with transaction.atomic():
        lock_profile(profile=profile)
        row = (
            CertificationFile.objects.only(*_BODILESS, "profile_id")
            .filter(profile=profile, pk=file_id)
            .first()
        )
        if row is None:
            raise NotFoundError("There is no such file.")
        keep_changes(
            company_id=profile.company_id,
            entity=ENTITY,
            entity_id=profile.pk,
            subject=str(profile.partner),
            before={"test file": f"{row.name}, {row.kept_by}"},
            after={},
            speaker=speaker,
        )
        row.delete()


def files_of(*, profile: PartnerProfile) -> list[CertificationFile]:
    """The partner's test files, the oldest first."""
    return list(CertificationFile.objects.filter(profile=profile).order_by("kept_at", "pk"))


def certify(*, profile: PartnerProfile, kind: str, speaker: Speaker) -> ProfileSet:
    """Say that the partner's documents of a kind are right. One that nothing is agreed of becomes optional.

    InputError without a reason, or for a kind that is never to come.
    """
    need_reason(speaker)
    with transaction.atomic():
        lock_profile(profile=profile)
        rows = ProfileSet.objects.filter(profile=profile, direction=ProfileSet.Direction.IN, kind=kind)
        row = (
            rows.exclude(standing=ProfileSet.Standing.NEVER)
            .order_by(F("starts_on").desc(nulls_last=True))
            .first()
        )
        if row is None and rows.exists():
            raise InputError("never_sent", f"It is agreed that {kind} is never sent.", "/kind")
        if row is None:
            row = ProfileSet(
                profile=profile,
                direction=ProfileSet.Direction.IN,
                kind=kind,
                standing=ProfileSet.Standing.OPTIONAL,
            )
        before = {f"{kind} certified": _day_of(row, profile)}
        row.certified_at, row.certified_by = clock.now(), speaker.who[:120]
        row.save()
        after = {f"{kind} certified": _day_of(row, profile)}
        keep_change(profile=profile, before=before, after=after, speaker=speaker)
    return row


def withdraw(*, profile: PartnerProfile, kind: str, speaker: Speaker) -> None:
    """Take back that a kind was certified. NotFoundError where it was not."""
    need_reason(speaker)
    with transaction.atomic():
        lock_profile(profile=profile)
        rows = ProfileSet.objects.filter(
            profile=profile, direction=ProfileSet.Direction.IN, kind=kind, certified_at__isnull=False
        )
        row = rows.first()
        if row is None or row.certified_at is None:
            raise NotFoundError("This was not certified.")
        before = {f"{kind} certified": _day_of(row, profile)}
        rows.update(certified_at=None, certified_by="")
        keep_change(profile=profile, before=before, after={}, speaker=speaker)


def _day_of(row: ProfileSet, profile: PartnerProfile) -> dt.date | None:
    """The day it was certified, where the company is."""
    if row.certified_at is None:
        return None
    return row.certified_at.astimezone(ZoneInfo(profile.company.time_zone)).date()
