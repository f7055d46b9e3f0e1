"""What workers tell each other through the database: who is up, and when each chore was done last."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Chore(models.Model):
    """Something done now and then, by whoever comes first. Times are the database's."""

    name = models.CharField(primary_key=True, max_length=40)
    ran_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class WorkerBeat(models.Model):
    """A process that takes work of some tiers, and when it was last able to."""

    name = models.CharField(primary_key=True, max_length=120)
    tiers = ArrayField(models.CharField(max_length=14))
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
