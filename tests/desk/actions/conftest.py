"""Actions are tested on the same made-up lives as the projection and the rules."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "flows"))
