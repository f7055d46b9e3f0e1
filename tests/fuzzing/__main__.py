"""`make fuzz`: mangles X12 and EDIFACT documents for ten minutes, or `ARGS=seconds`.

`--seed` mangles those of another run again, as far as the time goes.
"""

import argparse
import os
import secrets
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "visibility.settings")
django.setup()

from tests.fuzzing.holding import run  # noqa: E402  Django has to be set up before mappings are read

SECONDS = 600
SYNTAXES = ("x12", "edifact")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("seconds", type=float, nargs="?", default=SECONDS)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10**9))
    asked = parser.parse_args()
    sys.stdout.write(f"seed {asked.seed}\n")
    sys.stdout.flush()
    failed = 0
    for syntax in SYNTAXES:
        try:
            told = run(syntax=syntax, seconds=asked.seconds / len(SYNTAXES), seed=asked.seed)
        except AssertionError as error:
            failed = 1
            sys.stderr.write(f"{error}\n")
            continue
        grown = f"{told.grown_mib:.0f} MiB more"
        sys.stdout.write(f"{syntax}: {told.documents} documents, {told.stretched} stretched, {grown}\n")
    return failed


if __name__ == "__main__":
    sys.exit(main())
