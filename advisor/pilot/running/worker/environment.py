"""What a repetition needs: versions, hashes, hardware."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version

from advisor import __version__
from advisor.domain.pilot_result import ArmRun
from advisor.domain.pilot_spec import Frozen
from advisor.domain.pilot_state import Worker
from advisor.pilot.running.compute.hardware import processor

_MODEL = ("base", "base_identity")
"""What arms note down about the model that they used."""
_PACKAGES = ("torch", "transformers", "peft", "numpy", "scikit-learn", "sentence-transformers")


def environment(frozen: Frozen, worker: Worker, runs: Sequence[ArmRun]) -> dict[str, str]:
    """Return what must be the same for the same outputs."""
    models = {
        name: str(run.details[name]) for run in runs for name in _MODEL if name in run.details
    }
    return (
        models
        | {
            "advisor": __version__,
            "python": platform.python_version(),
            "system": platform.platform(),
            "machine": worker.what,
            "processor": processor(),
            "data": frozen.data.fingerprint,
            "seeds": ", ".join(map(str, frozen.spec.seeds)),
        }
        | {name: found for name in _PACKAGES if (found := _version(name))}
    )


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""
