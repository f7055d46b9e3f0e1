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


class MappingRun(models.Model):
    """All that waits for one cause is looked at again, because somebody mended it. Resumable.

    `last_member`: members of the case up to this id are done, in the same transaction as what was done.
    """

    case_id = models.BigIntegerField()
    company_id = models.BigIntegerField()
    who = models.TextField(blank=True)
    total = models.IntegerField()
    done = models.IntegerField(default=0)
    last_member = models.BigIntegerField(default=0)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["id"], name="mapping_run_open", condition=models.Q(finished_at__isnull=True)
            ),
            models.Index(fields=["case_id", "-id"], name="mapping_run_of_case"),
        ]

    def __str__(self) -> str:
        return f"{self.done} of {self.total} for case {self.case_id}"
