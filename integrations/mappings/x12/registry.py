"""Which mapping reads which transaction set: one line a set."""

from collections.abc import Callable, Mapping

from integrations.mappings.x12.notes import SetReader
from integrations.mappings.x12.set_810 import map_810
from integrations.mappings.x12.set_850 import map_850
from integrations.mappings.x12.set_855 import map_855
from integrations.mappings.x12.set_856 import map_856
from integrations.mappings.x12.set_860 import map_860
from integrations.mappings.x12.set_865 import map_865
from integrations.mappings.x12.set_880 import map_880
from integrations.mappings.x12.set_944 import map_944
from visibility.canonical.documents import AnyDocument

Mapper = Callable[[SetReader], list[AnyDocument]]

MAPPERS: Mapping[str, Mapper] = {
    "810": map_810,
    "850": map_850,
    "855": map_855,
    "856": map_856,
    "860": map_860,
    "865": map_865,
    "880": map_880,
    "944": map_944,
}
