"""Addresses under /api/v1/. What ninja answers outside of its operations is made a problem here."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.urls import URLPattern, re_path

from visibility.api.api import api
from visibility.api.problems import refuse

View = Callable[..., HttpResponse]


def _with_problems(view: View) -> View:
    """A method that is not known is refused like everything else."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if not isinstance(response, HttpResponseNotAllowed):
            return response
        allowed = ", ".join(sorted(response["Allow"].split(", ")))
        return refuse(
            request=request,
            kind="method_not_allowed",
            detail=f"{request.method} is not known here; known: {allowed}.",
            headers={"Allow": allowed},
        )

    return answer


def _not_found(request: HttpRequest) -> HttpResponse:
    return refuse(request=request, kind="not_found", detail="There is nothing at this address.")


_not_found.csrf_exempt = True  # type: ignore[attr-defined]  # what Django's decorator sets, for a typed view


def _patterns() -> list[URLPattern]:
    patterns = cast(list[Any], api.urls[0])
    for pattern in patterns:
        # Ninja finds its own prefix by the root's name; there is nothing to see at it.
        root = pattern.name == "api-root"
        pattern.callback = _not_found if root else _with_problems(pattern.callback)
    return list(patterns)


app_name = "api"
urlpatterns = [*_patterns(), re_path(r"^.*$", _not_found, name="nothing")]
