"""The translators that settings name, one a content type."""

from functools import cache
from typing import cast

from django.conf import settings
from django.utils.module_loading import import_string

from visibility.inbox.ports import Translator


@cache
def translator_for(content_type: str) -> Translator:
    """The translator of a content type; KeyError if settings name none."""
    return cast(Translator, import_string(settings.TRANSLATORS[content_type])())
