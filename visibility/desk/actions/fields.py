"""Parts of forms that several actions ask for. What is left empty is taken from the case itself."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from visibility.desk.actions.base import ActionForm

_QUANTITY, _PRICE = _("Quantity"), _("Price")


def quantity(label: Any = _QUANTITY, *, required: bool = False) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, required=required, min_value=Decimal(0), max_digits=24, decimal_places=6
    )


def price(label: Any = _PRICE, *, required: bool = False) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, required=required, min_value=Decimal(0), max_digits=20, decimal_places=6
    )


def day(label: Any, *, required: bool = False) -> forms.DateField:
    return forms.DateField(
        label=label, required=required, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


def text(label: Any, *, required: bool = False, most: int = 120) -> forms.CharField:
    return forms.CharField(label=label, required=required, max_length=most)


class AskingForm(ActionForm):
    """Whoever is asked is asked by a day, and may be told something."""

    answer_by = day(_("Answer by"))
    text = forms.CharField(
        label=_("Message"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )


class QuantityForm(ActionForm):
    """So many; empty: all that the case is about."""

    quantity = quantity()
