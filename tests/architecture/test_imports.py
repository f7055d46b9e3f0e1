"""The picture of the house in DESIGN holds: import-linter's contracts, run as a test."""

import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_every_contract_of_the_house_is_kept():
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    assert f"Contracts: {len(contracts)} kept, 0 broken." in done.stdout


def test_every_package_of_the_product_has_its_place_among_the_layers():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    named = {
        part.strip(" ()")
        for contract in settings["contracts"]
        for layer in contract.get("layers", [])
        for part in layer.split("|")
    }
    packages = {f"visibility.{path.parent.name}" for path in (ROOT / "visibility").glob("*/__init__.py")}
    assert packages <= named
