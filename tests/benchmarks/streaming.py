"""`python -m tests.benchmarks.streaming`: the memory and speed of interchanges too large to be held.

Writes an interchange of `--size` bytes to a temporary file, or of each of several sizes one after the other,
and reads it as a stream, with `--map` into documents. Prints for each size how many sets it held, what was
read a second of this process's CPU, and the largest resident memory of the process so far.
"""

import argparse
import os
import resource
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "visibility.settings")
django.setup()

from integrations.formats.edifact import reader as edifact  # noqa: E402  Django has to be set up before mappings
from integrations.formats.edifact.parts import Message  # noqa: E402
from integrations.formats.x12 import reader as x12  # noqa: E402
from integrations.formats.x12.parts import TransactionSet  # noqa: E402
from integrations.mappings.x12.translator import X12Translator  # noqa: E402

SIZE = 200_000_000
MEGA = 1_000_000
LINES = 12
"""Of a document, about 700 bytes."""

_ISA = f"ISA*00*{'':10}*00*{'':10}*ZZ*{'ACMEIND':15}*ZZ*{'NORTHGATE':15}*260302*0915*U*00401*000000107*0*P*>~"
_UNB = "UNA:+.? 'UNB+UNOC:3+4012345000016:14+4098765000013:14+260302:0915+107'"


def peak_memory() -> float:
    """The largest resident memory of this process so far, in MiB.

    `getrusage` remembers what the process that started this one had: the kernel's own mark does not.
    """
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    (line,) = (each for each in status.read_text().splitlines() if each.startswith("VmHWM:"))
    return int(line.split()[1]) / 1024


def x12_chunks(size: int) -> Iterator[str]:
    """One interchange of answers to orders, a set a chunk, none like the other."""
    yield _ISA + "\nGS*PR*ACMEIND*NORTHGATE*20260302*0915*107*X*004010~\n"
    written = count = 0
    while written < size:
        count += 1
        segments = [f"ST*855*{count:09d}", f"BAK*00*AC*45{count:08d}*20260227****S{count}*20260302"]
        for line in range(1, LINES):
            segments += [f"PO1*{line}*100*CA*12.5**BP*SKU-{count}-{line}", "ACK*IA*100*CA*068*20260401"]
        segments += [f"CTT*{LINES - 1}", f"SE*{len(segments) + 2}*{count:09d}"]
        text = "".join(f"{segment}~\n" for segment in segments)
        written += len(text)
        yield text
    yield f"GE*{count}*107~\nIEA*1*000000107~\n"


def edifact_chunks(size: int) -> Iterator[str]:
    """One interchange of answers to orders, a message a chunk, none like the other."""
    yield _UNB
    written = count = 0
    while written < size:
        count += 1
        segments = [f"UNH+{count}+ORDRSP:D:96A:UN:EAN005", f"BGM+231+S{count}+4", "DTM+137:20260302:102"]
        segments.append(f"RFF+ON:45{count:08d}")
        for line in range(1, LINES):
            segments += [f"LIN+{line}+5+SKU-{count}-{line}:BP", "IMD+F++:::Bolt ?'M8?'", "QTY+21:100:CT"]
        segments += ["UNS+S", f"UNT+{len(segments) + 2}+{count}"]
        text = "".join(f"{segment}'\r\n" for segment in segments)
        written += len(text)
        yield text
    yield f"UNZ+{count}+107'"


CHUNKS = {"x12": x12_chunks, "edifact": edifact_chunks}


def stream(syntax: str, path: Path, *, mapped: bool) -> int:
    """How many sets the file holds; RuntimeError where something is wrong with it."""
    count = 0
    with path.open("rb") as source:
        if mapped:
            for unit in X12Translator().translate_parts(x12.read(source), {}):
                count += len(unit.documents)
                if unit.problems:
                    raise RuntimeError(unit.problems[0].text)
            return count
        for part in x12.read(source) if syntax == "x12" else edifact.read(source):
            if getattr(part, "findings", ()):
                raise RuntimeError("the interchange has faults")
            if isinstance(part, TransactionSet | Message):
                count += sum(1 for _ in part.rows()) > 0
    return count


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--size", type=int, nargs="+", default=[SIZE])
    parser.add_argument("--syntax", choices=sorted(CHUNKS), default="x12")
    parser.add_argument("--map", action="store_true", help="into documents too (X12)")
    asked = parser.parse_args()
    for size in asked.size:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "interchange"
            with path.open("w", encoding="ascii", newline="") as target:
                target.writelines(CHUNKS[asked.syntax](size))
            began = time.process_time()
            count = stream(asked.syntax, path, mapped=asked.map)
            rate = path.stat().st_size / MEGA / (time.process_time() - began)
            peak = peak_memory()
        print(f"{size} {count} sets {rate:.1f} MB/s {peak:.0f} MiB", flush=True)


if __name__ == "__main__":
    main()
