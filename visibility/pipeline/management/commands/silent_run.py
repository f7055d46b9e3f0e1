"""`manage.py silent_run [--company CODE] [--partner CODE] [--since DATE] [--json]`"""

import datetime as dt
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management.base import CommandError, CommandParser

from visibility.access.scopes import Scope
from visibility.masterdata.models import Company, TradingPartner
from visibility.pipeline.management.commands._answer import AnsweringCommand, answer_json
from visibility.pipeline.management.commands._whom import add_whom
from visibility.triage.silent import Tally, count_silent


class Command(AnsweringCommand):
    """Say which cases silent detectors would have opened, by kind and partner."""

    help = "Report what silent detectors would have opened, by kind and partner."

    def add_arguments(self, parser: CommandParser) -> None:
        add_whom(parser)
        parser.add_argument("--since", default="", help="only what was found from this day on: 2026-11-01")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: Any, **options: Any) -> None:
        companies = list(Company.objects.all())
        if options["company"]:
            companies = [each for each in companies if each.code == options["company"]]
            if not companies:
                raise CommandError(f"There is no company {options['company']}.")
        tallies: list[Tally] = []
        for company in companies:
            tallies += self._of(company, options["partner"], options["since"])
        if options["partner"] and not TradingPartner.objects.filter(code=options["partner"]).exists():
            raise CommandError(f"There is no partner with the code {options['partner']}.")
        codes = {company.pk: company.code for company in companies}
        if options["as_json"]:
            answer_json(self.stdout, _as_json(tallies, codes))
        else:
            self._print(tallies, codes)

    def _of(self, company: Company, partner: str, since: str) -> list[Tally]:
        supplier = None
        if partner:
            supplier = TradingPartner.objects.filter(company=company, code=partner).first()
            if supplier is None:
                return []
        return count_silent(
            scope=Scope(companies=(company.pk,)),
            supplier_id=supplier.pk if supplier else None,
            since=_start(since, company.time_zone) if since else None,
        )

    def _print(self, tallies: list[Tally], codes: dict[int, str]) -> None:
        total, still = sum(each.would_have for each in tallies), sum(each.still for each in tallies)
        self.stdout.write(f"These detectors would have opened {total:,} cases; {still:,} are true still.")
        ordered = sorted(tallies, key=lambda each: (codes[each.company_id], each.kind))
        for (company_id, kind), own in groupby(ordered, key=lambda each: (each.company_id, each.kind)):
            rows = list(own)
            self.stdout.write(
                f"\n{codes[company_id]}  {kind}: {sum(each.would_have for each in rows):,} "
                f"({sum(each.still for each in rows):,} true still)"
            )
            for each in rows:
                name = each.supplier or "partner not known"
                self.stdout.write(f"  {name:<40}{each.would_have:>9,}{each.still:>9,}")


def _start(text: str, zone: str) -> dt.datetime:
    try:
        return dt.datetime.combine(dt.date.fromisoformat(text), dt.time(), tzinfo=ZoneInfo(zone))
    except ValueError as error:
        raise CommandError(f'"{text}" is no day; write it like 2026-11-01.') from error


def _as_json(tallies: list[Tally], codes: dict[int, str]) -> dict[str, Any]:
    return {
        "would_have_opened": sum(each.would_have for each in tallies),
        "true_still": sum(each.still for each in tallies),
        "by": [
            {
                "company": codes[each.company_id],
                "kind": each.kind,
                "partner": each.supplier,
                "would_have_opened": each.would_have,
                "true_still": each.still,
            }
            for each in tallies
        ],
    }
