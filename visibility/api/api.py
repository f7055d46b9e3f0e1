"""The API put together, and its description (OpenAPI 3.1)."""

from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from visibility.api import contract, decisions, flows, health, ledger, messages
from visibility.api.errors import handle_errors
from visibility.api.problems import CONTENT_TYPE
from visibility.canonical.documents import DOCUMENT_TYPES
from visibility.canonical.schemas import document_components, envelope_schema

REFERENCE = "#/components/schemas/{name}"
DESCRIPTION = """\
Messages in, orders and their exceptions out.

A key belongs to a connection and has one scope: `ingest` sends messages, `read` sees flows, cases,
messages and the ledger of the connection's company. Keys are sent as `Authorization: Bearer KEY`.

A 202 means that the message is committed, verbatim. Send it again whenever the answer was lost: it counts
once. Refusals are problem details (RFC 9457)."""


class Api(NinjaAPI):
    """Ninja's API, with the canonical documents and problem details in its description."""

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        schema = super().get_openapi_schema(**options)
        components = schema["components"]["schemas"]
        components |= document_components(ref_template=REFERENCE)
        components["Event"] = envelope_schema(
            document_refs={
                name: REFERENCE.format(name=kind.__name__) for name, kind in DOCUMENT_TYPES.items()
            }
        )
        for methods in schema["paths"].values():
            for operation in methods.values():
                _name_problems(operation["responses"])
        return schema


def _name_problems(responses: dict[int | str, Any]) -> None:
    for status, response in responses.items():
        if int(status) >= 400 and "content" in response:
            (content,) = response["content"].values()
            response["content"] = {CONTENT_TYPE: content}


api = Api(
    title="Throughline",
    version="1",
    description=DESCRIPTION,
    docs_url=None,
    urls_namespace="api",
)
handle_errors(api)
for part in (messages, flows, decisions, ledger, contract, health):
    api.add_router("", part.router)
