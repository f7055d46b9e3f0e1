"""What senders can rely on: the JSON Schemas of documents, and the kinds of refusals."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import Router

from visibility.api.problems import KINDS, TYPES
from visibility.api.shapes import ProblemDetails, ProblemKind, SchemaList
from visibility.canonical.schemas import VERSION, find_schema, schema_names
from visibility.core.errors import NotFoundError

router = Router(tags=["contract"], auth=None)
ADDRESS = "/api/v1/schemas/"
SCHEMA_TYPE = "application/schema+json"


@router.get("/schemas", include_in_schema=False)
@router.get("/schemas/", operation_id="listSchemas", summary="All JSON Schemas", response=SchemaList)
def list_schemas(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  ninja calls it so
    """The envelope and one schema for each document type, with their addresses."""
    entries = [_entry(name, find_schema(name) or {}) for name in schema_names()]
    return JsonResponse({"version": VERSION, "schemas": entries})


@router.get(
    "/schemas/{name}",
    operation_id="getSchema",
    summary="One JSON Schema",
    response={200: dict[str, Any], 404: ProblemDetails},
)
def get_schema(request: HttpRequest, name: str) -> HttpResponse:  # noqa: ARG001  ninja calls it so
    """A JSON Schema (2020-12) by its name, "order.placed.v1"; the version may be left out."""
    schema = find_schema(name)
    if schema is None:
        raise NotFoundError(f"There is no such schema. There are: {', '.join(schema_names())}.")
    return JsonResponse(schema, content_type=SCHEMA_TYPE)


@router.get(
    "/problems/", operation_id="listProblems", summary="Kinds of refusals", response=list[ProblemKind]
)
def list_problems(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  ninja calls it so
    """Every `type` that problem details of this API may name."""
    return JsonResponse([_kind(name) for name in KINDS], safe=False)


@router.get(
    "/problems/{name}",
    operation_id="getProblem",
    summary="One kind of refusal",
    response={200: ProblemKind, 404: ProblemDetails},
)
def get_problem(request: HttpRequest, name: str) -> HttpResponse:  # noqa: ARG001  ninja calls it so
    """What a `type` means, and what to do about it."""
    if name not in KINDS:
        raise NotFoundError("There is no such kind of refusal.")
    return JsonResponse(_kind(name))


def _entry(name: str, schema: dict[str, Any]) -> dict[str, str]:
    return {
        "name": name,
        "title": schema["title"],
        "description": schema["description"],
        "url": ADDRESS + name,
    }


def _kind(name: str) -> dict[str, Any]:
    kind = KINDS[name]
    return {"type": TYPES + name, "title": kind.title, "status": kind.status, "remedy": kind.remedy}
