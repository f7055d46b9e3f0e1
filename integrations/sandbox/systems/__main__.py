"""`python -m integrations.sandbox.systems erp --port 9101 --state DIR`: one system, until it is told to end.

The secrets whose requests it believes stand in a file, separated by blanks.
"""

import argparse
import signal
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from integrations.sandbox.scenario import build_scenario
from integrations.sandbox.systems import erp, logistics, supplier
from integrations.sandbox.systems.books import Books, Handler, Json
from integrations.sandbox.systems.serving import System

SYSTEMS: dict[str, dict[str, Handler]] = {
    "erp": erp.HANDLERS,
    "planning": logistics.PLANNING,
    "wms": logistics.WAREHOUSE,
    "supplier": supplier.HANDLERS,
}


def known_lines(*, seed: int, orders: int, anchor: datetime) -> Iterator[Json]:
    """The lines of the scenario's orders, as the ERP has them."""
    for order in build_scenario(seed=seed, orders=orders, anchor=anchor).orders:
        for line in order.lines:
            yield {
                "number": order.number,
                "line": str(line.number),
                "item": line.item.sku,
                "unit": line.item.unit,
                "ordered": str(line.quantity),
                "price": str(line.price),
                "supplier": order.supplier.name,
                "place": order.ship_to.name,
                "expected_on": order.requested_on.isoformat(),
            }


def main(arguments: list[str]) -> int:
    """Run one system."""
    parser = argparse.ArgumentParser(prog="integrations.sandbox.systems")
    parser.add_argument("system", choices=SYSTEMS)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--state", type=Path, required=True)
    parser.add_argument("--secrets", type=Path, required=True)
    parser.add_argument("--name", default="", help="of several of a kind, which")
    parser.add_argument("--seed", type=int)
    parser.add_argument("--orders", type=int, default=0)
    parser.add_argument("--anchor", type=datetime.fromisoformat)
    told = parser.parse_args(arguments)
    name = told.name or told.system
    told.state.mkdir(parents=True, exist_ok=True)
    books = Books(told.state / f"{name}.sqlite", source=f"/sandbox/{name}")
    if told.system == "erp" and told.anchor is not None:
        books.enter(known_lines(seed=told.seed, orders=told.orders, anchor=told.anchor))
    secrets = tuple(told.secrets.read_text().split())
    if not secrets:
        parser.error(f"{told.secrets} names nobody to believe")
    system = System(port=told.port, books=books, handlers=SYSTEMS[told.system], secrets=secrets)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        system.serve_forever(poll_interval=0.2)
    except KeyboardInterrupt:
        system.server_close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
