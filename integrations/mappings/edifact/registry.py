"""Which mapping reads which message type: one line a type."""

from collections.abc import Callable, Mapping

from integrations.mappings.edifact.aperak import map_aperak
from integrations.mappings.edifact.delfor import map_delfor
from integrations.mappings.edifact.desadv import map_desadv
from integrations.mappings.edifact.iftmin import map_iftmin
from integrations.mappings.edifact.iftsta import map_iftsta
from integrations.mappings.edifact.invoic import map_invoic
from integrations.mappings.edifact.invrpt import map_invrpt
from integrations.mappings.edifact.ordchg import map_ordchg
from integrations.mappings.edifact.orders import map_orders
from integrations.mappings.edifact.ordrsp import map_ordrsp
from integrations.mappings.edifact.pricat import map_pricat
from integrations.mappings.edifact.reader import MessageReader
from integrations.mappings.edifact.recadv import map_recadv
from integrations.mappings.edifact.slsrpt import map_slsrpt
from visibility.canonical.documents import AnyDocument

Mapper = Callable[[MessageReader], list[AnyDocument]]

MAPPERS: Mapping[str, Mapper] = {
    "APERAK": map_aperak,
    "DELFOR": map_delfor,
    "DELJIT": map_delfor,
    "DESADV": map_desadv,
    "IFTMIN": map_iftmin,
    "IFTSTA": map_iftsta,
    "INVOIC": map_invoic,
    "INVRPT": map_invrpt,
    "ORDCHG": map_ordchg,
    "ORDERS": map_orders,
    "ORDRSP": map_ordrsp,
    "PRICAT": map_pricat,
    "RECADV": map_recadv,
    "SLSRPT": map_slsrpt,
}
