"""What a repetition needs: versions, hashes, hardware."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version

from advisor import __version__
from advisor.pilot.running.hardware import processor
from advisor.pilot.spec import Frozen
from advisor.store.pilot_records import Worker

_PACKAGES = ("torch", "transformers", "peft", "numpy", "scikit-learn", "sentence-transformers")


def environment(frozen: Frozen, worker: Worker) -> dict[str, str]:
    """Return what must be the same for the same outputs."""
    return {
        "advisor": __version__,
        "python": platform.python_version(),
        "system": platform.platform(),
        "machine": worker.what,
        "processor": processor(),
        "data": frozen.data.fingerprint,
        "seeds": ", ".join(map(str, frozen.spec.seeds)),
    } | {name: found for name in _PACKAGES if (found := _version(name))}


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""
