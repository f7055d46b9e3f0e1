"""Celery only wakes workers and spreads the load; the work itself stands in PostgreSQL."""

import os

from celery import Celery
from kombu import Exchange, Queue  # type: ignore[attr-defined]  # kombu exports it lazily

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "visibility.settings")

app = Celery("throughline")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.update(
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_ignore_result=True,
    task_serializer="json",
    accept_content=["json"],
    task_time_limit=300,
    task_soft_time_limit=270,
    worker_prefetch_multiplier=1,
    worker_soft_shutdown_timeout=30,
    worker_enable_soft_shutdown_on_idle=True,
    # Not the pool processes: Celery would end one that works whenever the broker goes, and start no other
    # until it is back. They finish their messages, whose leases fence them, and go on by their own loop.
    worker_cancel_long_running_tasks_on_connection_loss=False,
    worker_max_tasks_per_child=2000,
    worker_max_memory_per_child=400_000,
    broker_connection_max_retries=None,
    broker_connection_retry_on_startup=True,
    broker_transport_options={
        "visibility_timeout": 600,
        "unacked_restore_interval": 1,
        "unacked_restore_throttle": 1,
        "socket_timeout": 5,
        "socket_connect_timeout": 2,
        "socket_keepalive": True,
        "health_check_interval": 30,
    },
    task_queues=[
        # Each with its own exchange: with the default one a wake-up of one tier would reach them all.
        Queue(name, Exchange(name), routing_key=name)  # type: ignore[no-untyped-call]
        for name in ("realtime", "near_realtime", "batch")
    ],
    task_default_queue="realtime",
    beat_schedule={
        **{
            f"sweep-{tier}": {
                "task": "visibility.pipeline.tasks.drain_tier",
                "schedule": 10.0,
                "args": [tier],
                "options": {"queue": tier, "expires": 10},
            }
            for tier in ("realtime", "near_realtime", "batch")
        },
        "chores": {
            "task": "visibility.pipeline.tasks.run_chores",
            "schedule": 5.0,
            "options": {"queue": "batch", "expires": 5},
        },
    },
    timezone="UTC",
)
app.autodiscover_tasks(["visibility.pipeline", "visibility.sync"])
