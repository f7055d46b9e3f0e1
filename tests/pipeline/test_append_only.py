"""The database itself keeps the ledger append-only."""

import pytest
from django.db import DatabaseError, connection, connections, transaction


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_entry SET type = 'x'",
        "DELETE FROM ledger_entry",
        "TRUNCATE ledger_entry",
        "UPDATE ledger_membership SET flow_id = 0",
        "DELETE FROM ledger_membership",
        "TRUNCATE ledger_membership",
        "DELETE FROM ledger_entry_rest",
        "ALTER TABLE ledger_entry DISABLE TRIGGER ALL",
        "DROP TABLE ledger_entry",
    ],
)
def test_the_applications_role_may_not_change_what_was_recorded(statement: str) -> None:
    with pytest.raises(DatabaseError, match=r"permission denied|must be owner"), transaction.atomic():
        connection.cursor().execute(statement)


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
@pytest.mark.parametrize("statement", ["UPDATE ledger_entry SET type = 'x'", "TRUNCATE ledger_entry"])
def test_even_the_owner_meets_the_triggers(statement: str) -> None:
    owner = connections["owner"].cursor()
    owner.execute(
        "INSERT INTO ledger_entry "
        "(position, company_id, type, connection_id, witness, message_id, translation, ordinal, "
        "event_id, explicit_id, control, document) VALUES (1, 1, 'order.placed', 1, 'edi', "
        "gen_random_uuid(), 1, 0, gen_random_uuid(), false, '', '{}')"
    )
    with pytest.raises(DatabaseError, match="append-only"):
        owner.execute(statement)
