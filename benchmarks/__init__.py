"""Measurements that anyone can repeat; some start the app, and fill it, as the tests do."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "tests" / "support"))
