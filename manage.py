#!/usr/bin/env python3
"""The command line of the product: Django's, with the servers up for the commands that need them."""

import os
import sys

from django.core.management import execute_from_command_line

from visibility.servers import ServersError, running

_NEEDS_NO_SERVER = {
    "check",
    "collectstatic",
    "compilemessages",
    "diffsettings",
    "findstatic",
    "help",
    "makemessages",
    "startapp",
    "startproject",
    "version",
}


def needs_servers(arguments: list[str]) -> bool:
    """Whether a command line has to do with the database or the broker."""
    command = arguments[0] if arguments else "help"
    if {"-h", "--help", "--version"} & set(arguments):
        return False
    if command == "check":
        return any(word.startswith("--database") for word in arguments)
    if command == "makemigrations":
        # Comparing models with migration files needs none; writing new ones looks at what was applied.
        return not {"--check", "--dry-run"} & set(arguments)
    return command not in _NEEDS_NO_SERVER


def main() -> None:
    """Run one command; the answer alone goes to stdout."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "visibility.settings")
    if not needs_servers(sys.argv[1:]):
        execute_from_command_line(sys.argv)
        return
    try:
        with running(purpose="manage.py"):
            execute_from_command_line(sys.argv)
    except ServersError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
