"""The pages as a Django app, so that templates find their tags."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Pages own no tables."""

    name = "visibility.web"
    label = "web"
