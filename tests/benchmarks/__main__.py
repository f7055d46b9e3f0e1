"""`make bench`: prints figures, last, one `name: value` a line on stdout. Progress goes to stderr.

`make bench ARGS="pipeline pages"` takes some families of figures only. BENCH_SCALE=small takes fewer rows.
What is to be compared takes turns in one run; medians are printed. Ends with 1 where a figure is missing.
"""

import argparse
import os
import signal
import sys
import time
import traceback
from collections.abc import Sequence

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "visibility.settings")
django.setup()

from tests.benchmarks.families import FAMILIES  # noqa: E402  Django has to be set up before its models are read
from tests.benchmarks.figures import CONTRACT, FULL, SMALL, Family, Figures, Scale, tell, written  # noqa: E402
from tests.benchmarks.site import drop_leftovers  # noqa: E402
from visibility import servers  # noqa: E402


def take(families: Sequence[Family], scale: Scale) -> Figures:
    """The figures of the families; one that fails says why, and the others are taken."""
    found: Figures = {}
    for family in families:
        began = time.perf_counter()
        tell(f"== {family.name} ({scale.name})")
        try:
            found |= family.measure(scale)
        except Exception:
            traceback.print_exc()
        tell(f"== {family.name}: {time.perf_counter() - began:.0f} s")
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    names = [family.name for family in FAMILIES]
    parser.add_argument("family", nargs="*", help=f"some of {', '.join(names)}; all of them if none is named")
    asked = parser.parse_args().family
    if unknown := set(asked) - set(names):
        parser.error(f"there is no {', '.join(sorted(unknown))}; there are {', '.join(names)}")
    chosen = [family for family in FAMILIES if not asked or family.name in asked]
    for asked_to_end in (signal.SIGTERM, signal.SIGINT):  # databases are dropped then, too
        signal.signal(asked_to_end, signal.default_int_handler)
    with servers.running(purpose="bench"):
        drop_leftovers()
        found = take(chosen, SMALL if os.environ.get("BENCH_SCALE") == "small" else FULL)
    for name in CONTRACT:
        if name in found:
            print(written(name, found[name]))
    missing = [name for family in chosen for name in family.gives if name not in found]
    if missing:
        tell(f"not taken: {', '.join(missing)}")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
