"""The API's own way through: what pages need (sessions, languages, forgery tokens, static files) is left out.

It took longer than keeping a message. Callers of the API bring a bearer key and nothing else, so none of it
could say anything of them; the headers that every answer bears stay.
"""

from collections.abc import Callable
from typing import cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.security import SecurityMiddleware
from django.urls import resolve
from django.utils import translation

Answer = Callable[[HttpRequest], HttpResponseBase]

PREFIX = "/api/v1/"
HEADERS = {
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}


class ApiMiddleware:
    """Stands first: answers what is asked of the API, and hands on all else."""

    def __init__(self, get_response: Answer) -> None:
        self._pages = get_response
        # Typed as returning HttpResponse; it passes on what it was given.
        self._api = SecurityMiddleware(cast(Callable[[HttpRequest], HttpResponse], _answer))

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(PREFIX):
            return self._pages(request)
        return cast(HttpResponseBase, self._api(request))


def _answer(request: HttpRequest) -> HttpResponseBase:
    request.get_host()  # a name that is not ours is refused, as it is for pages
    translation.activate(settings.LANGUAGE_CODE)  # the thread may have served a page in another language
    match = request.resolver_match = resolve(request.path_info)
    response: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if isinstance(response, HttpResponse):
        response.headers.setdefault("Content-Length", str(len(response.content)))
    return response
