"""Whether the process lives, and whether it can serve."""

import logging

import psycopg
import redis
from django.db import Error as DatabaseError
from django.db import connection as database
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import Router

from visibility.api.problems import Fault, refuse
from visibility.api.shapes import Alive, ProblemDetails, Ready
from visibility.ledger.seal import last_seal
from visibility.pipeline.wake import broker

log = logging.getLogger(__name__)
router = Router(tags=["health"], auth=None)


class Migrations:
    """Whether all migrations of this code are applied. Once they are, they stay so: asked no more."""

    def __init__(self) -> None:
        self._applied = False

    def pending(self) -> int:
        """How many are not applied. Raises Django's DatabaseError."""
        if self._applied:
            return 0
        executor = MigrationExecutor(database)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        self._applied = not plan
        return len(plan)


migrations = Migrations()


@router.get("/health/live", operation_id="live", summary="The process answers", response=Alive)
def live(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  ninja calls it so
    """Touches nothing: a process that answers lives."""
    return JsonResponse({"status": "live"}, headers={"Cache-Control": "no-store"})


@router.get(
    "/health/ready",
    operation_id="ready",
    summary="Requests can be served",
    response={200: Ready, 503: ProblemDetails},
)
def ready(request: HttpRequest) -> HttpResponse:
    """Database and migrations must be there. Without the broker messages are taken all the same: degraded."""
    faults = _check_database()
    if faults:
        return refuse(
            request=request,
            kind="unavailable",
            detail=faults[0].text,
            errors=faults,
            headers={"Retry-After": "2"},
        )
    reachable = _reach_broker()
    answer = {
        "status": "ready" if reachable else "degraded",
        "checks": {
            "database": "ok",
            "migrations": "ok",
            "broker": "ok" if reachable else "unreachable",
            "ledger": _seal(),
        },
    }
    return JsonResponse(answer, headers={"Cache-Control": "no-store"})


def _check_database() -> tuple[Fault, ...]:
    try:
        with database.cursor() as cursor:
            cursor.execute("SELECT 1")
        pending = migrations.pending()
    except (DatabaseError, psycopg.Error) as error:
        log.error("not ready: %s", error)
        return (Fault(code="database", text="The database does not answer."),)
    if pending:
        return (Fault(code="migrations", text=f"{pending} migrations are not applied."),)
    return ()


def _seal() -> str:
    """The end of the chain over the ledger: whoever keeps these answers keeps its heads out of our reach."""
    head = last_seal()
    if head is None:
        return "not sealed yet"
    return f"sealed to {head.to_position} at {head.sealed_at.isoformat()}, head {bytes(head.hash).hex()}"


def _reach_broker() -> bool:
    try:
        return bool(broker().ping())
    except redis.RedisError as error:
        log.warning("degraded: the broker does not answer (%s)", error)
        return False
