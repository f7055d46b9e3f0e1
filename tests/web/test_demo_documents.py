"""The demo shows documents without an order, and a number that two ERPs gave."""

import pytest
from drawn import NOON

from integrations.demo.company import set_up_company
from integrations.demo.loose import TWICE, loose_documents
from visibility.flows.models import Flow
from visibility.inbox.services import accept_message
from visibility.ledger.uncorrelated import Which, list_waiting
from visibility.masterdata.resolve import forget_kept
from visibility.pipeline.worker import drain
from visibility.triage.models import ExceptionCase
from visibility.web.uncorrelated.told import describe

pytestmark = pytest.mark.django_db


def test_the_demos_badly_written_documents_wait_for_a_person() -> None:
    forget_kept()
    connections = set_up_company()
    for paper in loose_documents(anchor=NOON):
        sent = accept_message(
            connection=connections[paper.connection],
            body=paper.body,
            content_type=paper.content_type,
            name=paper.name,
        )
        drain(message_ids=[sent.message_id])
    company = connections["erp-out"].company_id
    assert Flow.objects.filter(company=company, number=TWICE).count() == 2
    assert ExceptionCase.objects.get(company=company, kind="ambiguous_order").subject == TWICE
    waiting = list_waiting(which=Which(companies=(company,))).rows
    assert [describe(each.entry.document) for each in waiting] == [
        "Transport status of 21 Nov: arrived",
        "Invoice INV-31044 of 22 Nov from Acme Industries: $3,720.00, 60 CA of SKU-1042",
        "Receipt R-40231 of 23 Nov at Dallas DC: 28 CA of SKU-1063",
        "Receipt R-40219 of 22 Nov at Dallas DC: 12 CA of SKU-1051",
    ]
