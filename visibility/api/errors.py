"""Which error becomes which refusal."""

import logging
from collections.abc import Callable
from typing import Any

import psycopg
from django.core.exceptions import RequestDataTooBig
from django.core.signals import got_request_exception
from django.db import Error as DatabaseError
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, ValidationError

from visibility.api.problems import Fault, refuse
from visibility.core import errors
from visibility.core.errors import (
    ConflictError,
    GoneError,
    InputError,
    NotFoundError,
    TooLargeError,
    UnsupportedError,
)
from visibility.desk.errors import ChangedError, DecidedError

log = logging.getLogger(__name__)

KIND_OF_INPUT: dict[type[InputError], str] = {
    TooLargeError: "too_large",
    UnsupportedError: "unsupported_content_type",
    ConflictError: "conflicting_duplicate",
}
UNAVAILABLE = (OperationalError, InterfaceError, psycopg.OperationalError, psycopg.InterfaceError)


class ForbiddenError(Exception):
    """A valid key asked for something outside of its scope."""


class LengthRequiredError(Exception):
    """A body without a Content-Length: its size cannot be judged before it is read."""


def _unauthorized(request: HttpRequest, _: Any) -> HttpResponse:
    log.warning("no valid key for %s %s", request.method, request.path)
    return refuse(
        request=request,
        kind="unauthorized",
        detail="The key is missing, unknown, expired or revoked.",
        headers={"WWW-Authenticate": 'Bearer realm="api"'},
    )


def _forbidden(request: HttpRequest, error: Exception) -> HttpResponse:
    log.warning("denied: %s %s: %s", request.method, request.path, error)
    return refuse(request=request, kind="forbidden", detail=str(error))


def _not_found(request: HttpRequest, error: Exception) -> HttpResponse:
    detail = str(error) if isinstance(error, NotFoundError) else "There is nothing at this address."
    return refuse(request=request, kind="not_found", detail=detail)


def _gone(request: HttpRequest, error: Exception) -> HttpResponse:
    return refuse(request=request, kind="gone", detail=str(error))


def _decided(request: HttpRequest, error: DecidedError) -> HttpResponse:
    return refuse(
        request=request,
        kind="decided",
        detail=str(error),
        who=error.who,
        words=error.words,
        when=error.when.isoformat() if error.when else None,
    )


def _changed(request: HttpRequest, error: Exception) -> HttpResponse:
    return refuse(request=request, kind="changed", detail=str(error))


def _length_required(request: HttpRequest, error: Exception) -> HttpResponse:
    return refuse(request=request, kind="length_required", detail=str(error))


def _too_big(request: HttpRequest, _: Exception) -> HttpResponse:
    return refuse(request=request, kind="too_large", detail="The body is larger than is taken here.")


def _unreadable(request: HttpRequest, _: Exception) -> HttpResponse:
    return refuse(request=request, kind="bad_request", detail="The connection ended before the body did.")


def _input(request: HttpRequest, error: InputError) -> HttpResponse:
    kind = KIND_OF_INPUT.get(type(error), "invalid")
    fault = Fault(code=error.code, text=error.text, where=error.where)
    return refuse(request=request, kind=kind, detail=error.text, errors=(fault,))


def _parameters(request: HttpRequest, error: ValidationError) -> HttpResponse:
    places = [fault["loc"] for fault in error.errors]
    if any(place[0] == "path" for place in places):
        return refuse(request=request, kind="not_found", detail="There is nothing at this address.")
    faults = tuple(
        Fault(code=fault["type"], text=fault["msg"], where=f"{fault['loc'][0]} {fault['loc'][-1]}")
        for fault in error.errors
    )
    return refuse(
        request=request, kind="invalid", detail=f"{faults[0].where}: {faults[0].text}", errors=faults
    )


def _database(request: HttpRequest, error: Exception) -> HttpResponse:
    if not isinstance(error, UNAVAILABLE):
        return _internal(request, error)
    log.error("the database cannot be reached: %s", error)
    return refuse(
        request=request,
        kind="unavailable",
        detail="The database cannot be reached. Nothing was kept; send the request again.",
        headers={"Retry-After": "2"},
    )


def _internal(request: HttpRequest, error: Exception) -> HttpResponse:
    log.error("%s %s failed", request.method, request.path, exc_info=error)
    got_request_exception.send(sender=None, request=request)
    return refuse(request=request, kind="internal", detail="Something broke here. It is logged.")


HANDLERS: tuple[tuple[type[Exception], Callable[[HttpRequest, Any], HttpResponse]], ...] = (
    (AuthenticationError, _unauthorized),
    (ForbiddenError, _forbidden),
    (errors.ForbiddenError, _forbidden),
    (DecidedError, _decided),
    (ChangedError, _changed),
    (NotFoundError, _not_found),
    (Http404, _not_found),
    (GoneError, _gone),
    (LengthRequiredError, _length_required),
    (RequestDataTooBig, _too_big),
    (UnreadablePostError, _unreadable),
    (InputError, _input),
    (ValidationError, _parameters),
    (DatabaseError, _database),
    (psycopg.Error, _database),
    (Exception, _internal),
)


def handle_errors(api: NinjaAPI) -> None:
    """Register the answers to all errors."""
    for kind, handler in HANDLERS:
        api.add_exception_handler(kind, handler)
