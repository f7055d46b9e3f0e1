"""People who sign in."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What somebody does all day; it chooses the first page and the permissions."""

    PLANNER = "planner", _("Planner")
    BUYER = "buyer", _("Buyer")
    SUPPLIER_MANAGER = "supplier_manager", _("Supplier manager")
    WAREHOUSE = "warehouse", _("Warehouse")
    CUSTOMER_SERVICE = "customer_service", _("Customer service")
    DATA_STEWARD = "data_steward", _("Data steward")
    INTEGRATION = "integration", _("Integration operations")
    EXECUTIVE = "executive", _("Executive")


class User(AbstractUser):
    """A person. `role` is what they do; what they may see is granted in `access`."""

    role = models.CharField(max_length=20, choices=Role.choices, default=Role.BUYER)

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    @property
    def initials(self) -> str:
        """Two letters for the avatar."""
        return "".join(part[0] for part in str(self).split()[:2]).upper()
