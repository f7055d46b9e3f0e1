"""What people were given to see."""

from django.conf import settings
from django.db import models

from visibility.masterdata.models import Company, TradingPartner


class Grant(models.Model):
    """A person may see a company; with `partner`, only that partner's part of it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="grants")
    company = models.ForeignKey(Company, on_delete=models.CASCADE)
    partner = models.ForeignKey(TradingPartner, null=True, blank=True, on_delete=models.CASCADE)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "company", "partner"], name="grant", nulls_distinct=False)
        ]

    def __str__(self) -> str:
        return f"{self.user} sees {self.company}"
