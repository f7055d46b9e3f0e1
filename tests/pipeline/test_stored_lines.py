"""The rows of an order's lines are those of its view: none is left over, whatever came first."""

import io

import pytest
from django.core.management import call_command
from django.db import connection as database
from factories import line, order, receipt, tell

from visibility.flows.models import Flow, FlowLine
from visibility.inbox.models import Connection


def stored() -> list[tuple[str, str]]:
    return sorted(FlowLine.objects.values_list("line", "item_code"))


@pytest.mark.django_db
def test_a_line_as_a_receipt_called_it_goes_once_the_order_names_it(trial: Connection) -> None:
    tell(trial, receipt("R-1", line("7", sku="SKU-1042")))
    assert stored() == [("7", "SKU-1042")]
    tell(trial, order("4500001", line("10", sku="SKU-1042"), line("20", sku="SKU-9")))
    assert stored() == [("10", "SKU-1042"), ("20", "SKU-9")]


@pytest.mark.django_db
def test_the_lines_of_a_lost_order_are_replaced_when_it_is_rebuilt(trial: Connection) -> None:
    tell(trial, order("4500001", line("10", sku="SKU-1042")))
    FlowLine.objects.create(
        flow_id=Flow.objects.get().pk, company_id=trial.company_id, line="left over", item_code="SKU-1"
    )
    with database.cursor() as cursor:
        cursor.execute("DELETE FROM flows_flow")
    call_command("rebuild_flows", stdout=io.StringIO())
    assert Flow.objects.get().number == "4500001"
    assert stored() == [("10", "SKU-1042")]
