"""`manage.py verify_ledger [--from N] [--expect HASH] [--json]`"""

import sys
import time
from dataclasses import asdict
from typing import Any

from django.core.management.base import CommandError, CommandParser

from visibility.ledger.verify import Fault, Verified, verify_ledger
from visibility.pipeline.management.commands._answer import AnsweringCommand, answer_json

SHOWN = 20
_HEX_DIGITS = 64


class Command(AnsweringCommand):
    """Read every sealed entry again, and say what is not as it was sealed."""

    help = "Recompute the hash chain over the ledger; exits with 1 and says where if anything was changed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--from", type=int, default=1, dest="start", metavar="N", help="begin at seal N")
        parser.add_argument(
            "--expect",
            action="append",
            default=[],
            metavar="HASH",
            help="a head that was kept elsewhere and must be in the chain; may be given several times",
        )
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["start"] < 1:
            raise CommandError("--from: seals are numbered from 1 on.")
        for head in options["expect"]:
            if len(head.strip()) != _HEX_DIGITS or set(head.strip().lower()) - set("0123456789abcdef"):
                raise CommandError(f"--expect: {head!r} is no hash of {_HEX_DIGITS} hexadecimal digits.")
        found = verify_ledger(start=options["start"], expect=options["expect"], progress=self._progress())
        if options["as_json"]:
            answer_json(self.stdout, _as_json(found))
        else:
            self._tell(found)
        if found.fault_count:
            sys.exit(1)

    def _progress(self) -> Any:
        """Tells how far it has come, once a second, if somebody watches."""
        said = time.monotonic()

        def tell(entries: int) -> None:
            nonlocal said
            if sys.stderr.isatty() and time.monotonic() - said >= 1:
                said = time.monotonic()
                self.stderr.write(f"{entries:,} entries verified")

        return tell

    def _tell(self, found: Verified) -> None:
        for fault in found.faults[:SHOWN]:
            self.stdout.write(_sentence(fault))
        if found.fault_count > SHOWN:
            self.stdout.write(f"and {found.fault_count - SHOWN} more")
        self.stdout.write(
            f"{found.entries} entries in {found.seals} seals verified, "
            f"{found.fault_count} fault{'' if found.fault_count == 1 else 's'}; "
            f"{found.unsealed} entries not sealed yet"
        )
        if found.head:
            self.stdout.write(f"head {found.head}")


def _sentence(fault: Fault) -> str:
    places = {"seal": fault.seal, "position": fault.position, "message": fault.message_id}
    return ", ".join([*(f"{name} {place}" for name, place in places.items() if place), fault.what])


def _as_json(found: Verified) -> dict[str, Any]:
    return {
        "sealed_to": found.sealed_to,
        "sealed_at": found.sealed_at.isoformat() if found.sealed_at else None,
        "entries": found.entries,
        "seals": found.seals,
        "head": found.head,
        "unsealed": found.unsealed,
        "fault_count": found.fault_count,
        "faults": [
            asdict(fault) | {"message_id": str(fault.message_id) if fault.message_id else None}
            for fault in found.faults
        ],
    }
