"""That terms were changed: said in the same transaction, so that no order is forgotten."""

from django.db.models import F

from visibility.core import clock
from visibility.masterdata.models import Company, TermsChange


def tell_change(*, company_id: int, partner_id: int | None = None, order_number: str = "") -> None:
    """Have the orders concerned looked at again, in the caller's transaction.

    What a process keeps of the company's terms is kept by the version that this counts up.
    """
    Company.objects.filter(pk=company_id).update(terms_version=F("terms_version") + 1)
    TermsChange.objects.create(
        company_id=company_id, partner_id=partner_id, order_number=order_number, at=clock.now()
    )
