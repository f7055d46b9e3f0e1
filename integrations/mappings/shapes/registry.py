"""Which shapes are read: one line a vendor. The first that recognises an object reads it."""

from collections.abc import Mapping
from typing import Any, Protocol

from integrations.mappings.shapes.amazon_vendor import AmazonVendor
from integrations.mappings.shapes.business_central import BusinessCentral
from integrations.mappings.shapes.easypost import EasyPost
from integrations.mappings.shapes.netsuite import NetSuite
from integrations.mappings.shapes.project44 import Project44
from integrations.mappings.shapes.reading import Part, Read
from integrations.mappings.shapes.sap_s4 import SapS4
from integrations.mappings.shapes.shippo import Shippo
from integrations.mappings.shapes.shopify import Shopify


class Shape(Protocol):
    """How one vendor writes. `name` is what people call it."""

    @property
    def name(self) -> str: ...

    def recognises(self, value: Mapping[str, Any]) -> bool:
        """Whether an object is of this shape, by its fields alone."""

    def read(self, part: Part, issuer: str) -> list[Read]:
        """Its documents; what is wrong is noted in the part. `issuer` scopes numbers nobody scopes."""


SHAPES: tuple[Shape, ...] = (
    SapS4(),
    BusinessCentral(),
    NetSuite(),
    AmazonVendor(),
    Shopify(),
    EasyPost(),
    Shippo(),
    Project44(),
)
