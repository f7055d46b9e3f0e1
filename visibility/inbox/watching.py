"""What a connection is watched for: how long it may be silent, and whether what passes is acknowledged."""

from django.db import transaction

from visibility.access.scopes import Scope
from visibility.accounts.models import Role, User
from visibility.core.errors import ForbiddenError, InputError, NotFoundError
from visibility.inbox.models import Connection
from visibility.masterdata.audit import keep_changes, need_reason
from visibility.masterdata.golive import Speaker

ENTITY = "connection_watch"
LOOKING_AFTER = (Role.INTEGRATION,)
MOST_MINUTES = 60 * 24 * 60
"""Two months of working time round the clock: longer is no watch."""


def set_watch(
    *,
    scope: Scope,
    user: User,
    connection_id: int,
    silent_after: int | None,
    expects_997: bool,
    reason: str,
) -> Connection:
    """Say after how many working minutes a connection is silent (None: never), and whether a 997 is due.

    Kept in the history. ForbiddenError for who does not look after connections, NotFoundError for one
    that is not theirs, InputError for what cannot be.
    """
    if scope.partners is not None or user.role not in LOOKING_AFTER:
        raise ForbiddenError("Integration operations look after connections.")
    speaker = Speaker(str(user), reason.strip())
    need_reason(speaker)
    if silent_after is not None and not 1 <= silent_after <= MOST_MINUTES:
        raise InputError("out_of_range", f"Write 1 to {MOST_MINUTES:,} minutes, or nothing.", "/silent_after")
    with transaction.atomic():
        connections = Connection.objects.select_for_update().filter(company_id__in=scope.companies)
        row = connections.filter(pk=connection_id).first()
        if row is None:
            raise NotFoundError("There is no such connection.")
        before = {"silent_after": row.silent_after, "expects_997": row.expects_997}
        row.silent_after, row.expects_997 = silent_after, expects_997
        row.save(update_fields=["silent_after", "expects_997"])
        keep_changes(
            company_id=row.company_id,
            entity=ENTITY,
            entity_id=row.pk,
            subject=str(row),
            before=before,
            after={"silent_after": silent_after, "expects_997": expects_997},
            speaker=speaker,
        )
    return row
