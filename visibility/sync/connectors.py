"""From an endpoint to the connector that serves it."""

from collections.abc import Mapping
from typing import Any, cast

from django.conf import settings
from django.utils.module_loading import import_string

from visibility.core.errors import InputError
from visibility.sync.ports import Connector, ConnectorFactory
from visibility.sync.sealing import open_secret


def connector_of(*, name: str, options: Mapping[str, Any], secret: bytes) -> Connector:
    """The connector of this name, ready to be used. InputError where what it was given makes no sense."""
    dotted = settings.CONNECTORS.get(name)
    if dotted is None:
        known = ", ".join(sorted(settings.CONNECTORS))
        raise InputError("no_connector", f'There is no connector "{name}"; there are: {known}.', "connector")
    make = cast(ConnectorFactory, import_string(dotted))
    return make(options=options, secret=open_secret(secret))
