"""`manage.py trace KEY [--json]`"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from visibility.access.scopes import everything
from visibility.pipeline.management.commands._answer import answer_json
from visibility.pipeline.trace import trace_key


class Command(BaseCommand):
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
        for line in trace["lines"]:
            quantities = "  ".join(
                f"{name} {line[name] if line[name] is not None else '?'}"
                for name in ("ordered", "confirmed", "shipped", "received", "invoiced")
            )
            self.stdout.write(f"  line {line['line']:<4}{line['item']:<16}{line['unit']:<4}{quantities}")
        for milestone in trace["milestones"]:
            at = milestone["actual_at"] or milestone["due_at"] or milestone["planned_at"] or ""
            self.stdout.write(f"  {milestone['name']:<14}{milestone['state']:<16}{at}")
        for entry in trace["entries"]:
            self.stdout.write(f"  {(entry['occurred_at'] or '')[:16]:<18}{entry['summary']}")
        for case in trace["cases"]:
            self.stdout.write(f"  case {case['id']} {case['state']}: {case['summary']}")
