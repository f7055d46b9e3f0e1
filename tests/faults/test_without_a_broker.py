"""With the broker away from the first to the last moment, everything accepted is worked through even so."""

from pathlib import Path

import pytest
from factories import BATCH, EVENT, X12, answer, batch, interchange, notice, one, order, x12_order

from tests.faults.live import live, post, wait_for
from visibility.inbox.models import ApiKey, Connection, MessageWork, Outcome
from visibility.inbox.services import issue_key
from visibility.ledger.models import LedgerEntry

MESSAGES = 200
WITHIN_SECONDS = 60
TIERS = Connection.Tier.values


def _bodies() -> list[tuple[bytes, str, int]]:
    """Body, content type and number of facts: orders, their answers, notices, files, batches."""
    made: list[tuple[bytes, str, int]] = []
    for number in range(MESSAGES // 5):
        name = f"47{number:05}"
        made += [
            (one(order(name)), EVENT, 1),
            (one(answer(name)), EVENT, 1),
            (one(notice(f"ASN-{number}", of=name)), EVENT, 1),
            (interchange(x12_order(f"48{number:05}"), control=number + 1), X12, 1),
            (batch(order(f"49{number:05}"), answer(f"49{number:05}")), BATCH, 2),
        ]
    return made


@pytest.mark.timeout(240)
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "programs",
    [("sweeper",), tuple(f"worker-{tier}" for tier in TIERS)],
    ids=["by the sweeper alone", "by the workers' own loop"],
)
def test_all_that_is_accepted_lands_without_a_broker(
    trial: Connection, tmp_path: Path, programs: tuple[str, ...]
) -> None:
    keys = []
    for tier in TIERS:
        way = Connection.objects.create(
            company=trial.company, name=f"without-{tier.replace('_', '-')}", tier=tier, issuer=trial.issuer
        )
        keys.append(issue_key(connection=way, scope=ApiKey.Scope.INGEST))
    bodies = _bodies()
    with live(*programs, webs=1, folder=tmp_path) as (port,):
        accepted = {
            post(port=port, key=keys[number % len(keys)], body=body, content_type=kind).message_id
            for number, (body, kind, _) in enumerate(bodies)
        }
        assert len(accepted) == MESSAGES
        done = wait_for(lambda: not MessageWork.objects.exists(), seconds=WITHIN_SECONDS)
    assert done, f"{MessageWork.objects.count()} messages still wait"
    finished = Outcome.objects.filter(status="processed", partial=False).values_list("message_id", flat=True)
    assert {str(message_id) for message_id in finished} == accepted
    assert LedgerEntry.objects.count() == sum(facts for _, _, facts in bodies)
