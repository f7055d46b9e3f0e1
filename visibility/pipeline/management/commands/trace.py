"""`manage.py trace KEY [--json]`"""

from typing import Any

from django.core.management.base import CommandError, CommandParser

from visibility.access.scopes import everything
from visibility.pipeline.management.commands._answer import AnsweringCommand, answer_json
from visibility.pipeline.trace import trace_key


class Command(AnsweringCommand):
    """Show an order end to end, by any of its identifiers."""

    help = "Trace an order by a PO, ASN, invoice or bill of lading number, or a correlation ID."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("key")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: Any, **options: Any) -> None:
        traces = trace_key(scope=everything(), key=options["key"])
        if not traces:
            raise CommandError(f"No order is known by {options['key']}.")
        if options["as_json"]:
            answer_json(self.stdout, traces[0] if len(traces) == 1 else traces)
            return
        for trace in traces:
            self._tell(trace)

    def _tell(self, trace: dict[str, Any]) -> None:
        order = trace["order"]
        self.stdout.write(f"PO {order['number']}: {trace['sentence']}")
        self.stdout.write(f"  {order['supplier']} -> {order['ship_to']}   {trace['correlation_id']}")
        numbers = max((len(line["line"]) for line in trace["lines"]), default=0)
        items = max((len(line["item"]) for line in trace["lines"]), default=0)
        for line in trace["lines"]:
            quantities = "  ".join(
                f"{name} {line[name] if line[name] is not None else '?'}"
                for name in ("ordered", "confirmed", "shipped", "received", "invoiced")
            )
            named = f"  line {line['line']:<{numbers}}  {line['item']:<{items}}  {line['unit']:<2}"
            self.stdout.write(f"{named}  {quantities}")
        for milestone in trace["milestones"]:
            self.stdout.write(f"  {milestone['name']:<14}{milestone['state']:<16}{_when(milestone)}".rstrip())
        for entry in trace["entries"]:
            self.stdout.write(f"  {(entry['occurred_at'] or '')[:16]:<18}{entry['summary']}")
        for case in trace["cases"]:
            self.stdout.write(f"  case {case['id']} {case['state']}: {case['summary']}")


def _when(milestone: dict[str, Any]) -> str:
    """When it happened, or when it should; of what happened nobody knows when, no other time is told."""
    if milestone["state"] == "done":
        return milestone["actual_at"] or "time not known"
    if milestone["state"] == "not_applicable":
        return ""
    for word in ("due", "estimated", "planned"):
        if milestone[f"{word}_at"]:
            return f"{word} {milestone[f'{word}_at']}"
    return ""
