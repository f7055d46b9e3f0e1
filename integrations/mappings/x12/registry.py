"""Which mapping reads which transaction set: one line a set."""

from collections.abc import Callable, Mapping

from integrations.mappings.x12.notes import SetReader
from integrations.mappings.x12.set_204 import map_204
from integrations.mappings.x12.set_210 import map_210
from integrations.mappings.x12.set_214 import map_214
from integrations.mappings.x12.set_810 import map_810
from integrations.mappings.x12.set_820 import map_820
from integrations.mappings.x12.set_824 import map_824
from integrations.mappings.x12.set_830 import map_830
from integrations.mappings.x12.set_832 import map_832
from integrations.mappings.x12.set_840 import map_840
from integrations.mappings.x12.set_846 import map_846
from integrations.mappings.x12.set_850 import map_850
from integrations.mappings.x12.set_852 import map_852
from integrations.mappings.x12.set_855 import map_855
from integrations.mappings.x12.set_856 import map_856
from integrations.mappings.x12.set_857 import map_857
from integrations.mappings.x12.set_860 import map_860
from integrations.mappings.x12.set_861 import map_861
from integrations.mappings.x12.set_862 import map_862
from integrations.mappings.x12.set_865 import map_865
from integrations.mappings.x12.set_866 import map_866
from integrations.mappings.x12.set_867 import map_867
from integrations.mappings.x12.set_875 import map_875
from integrations.mappings.x12.set_880 import map_880
from integrations.mappings.x12.set_894 import map_894
from integrations.mappings.x12.set_940 import map_940
from integrations.mappings.x12.set_943 import map_943
from integrations.mappings.x12.set_944 import map_944
from integrations.mappings.x12.set_945 import map_945
from integrations.mappings.x12.set_990 import map_990
from visibility.canonical.documents import AnyDocument

Mapper = Callable[[SetReader], list[AnyDocument]]

MAPPERS: Mapping[str, Mapper] = {
    "204": map_204,
    "210": map_210,
    "214": map_214,
    "810": map_810,
    "820": map_820,
    "824": map_824,
    "830": map_830,
    "832": map_832,
    "840": map_840,
    "846": map_846,
    "850": map_850,
    "852": map_852,
    "855": map_855,
    "856": map_856,
    "857": map_857,
    "860": map_860,
    "861": map_861,
    "862": map_862,
    "865": map_865,
    "866": map_866,
    "867": map_867,
    "875": map_875,
    "880": map_880,
    "894": map_894,
    "940": map_940,
    "943": map_943,
    "944": map_944,
    "945": map_945,
    "990": map_990,
}
