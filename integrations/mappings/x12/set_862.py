"""862, shipping schedule: the days and times of what a planning schedule (830) tells by weeks."""

from integrations.mappings.x12.notes import SetReader
from integrations.mappings.x12.set_830 import BSS, map_schedule
from visibility.canonical.documents import AnyDocument


def map_862(reader: SetReader) -> list[AnyDocument]:
    """The shipping schedule."""
    return map_schedule(reader, BSS)
