"""What a machine has, and what a pilot needs of it."""

from __future__ import annotations

import os
import platform
import re
import shutil

import psutil

from advisor.domain.frozen_pilot import Frozen
from advisor.domain.pilot_state import Needs, Worker
from advisor.store.database.statements import new_id
from advisor.store.pilots.pilot_statements import this_host

LARGE = 3.0
"""Billions of parameters from which a model wants a GPU; a name such as `Llama-3-8B` tells."""
_SIZE = re.compile(r"(?<![A-Za-z0-9.])(\d+(?:\.\d+)?)[bB](?![A-Za-z0-9])")


def needs(frozen: Frozen) -> Needs:
    """Return what a machine must have to run a pilot."""
    sizes = [float(size) for size in _SIZE.findall(frozen.spec.base_model or "")]
    return Needs(frozen.spec.budget.memory_gb, gpu=max(sizes, default=0.0) >= LARGE)


def this_worker() -> Worker:
    """Return a worker on this machine, with a new name."""
    memory, gpu = _memory(), _gpu()
    what = f"{cores()} cores, {memory:.0f} GB" + (", GPU" if gpu else "")
    return Worker(new_id(), this_host(), os.getpid(), what, gpu, memory)


def may_suit(needs_memory: float, needs_gpu: bool) -> bool:
    """Tell, without loading PyTorch, whether this machine may have what a pilot needs."""
    return _memory() >= needs_memory and (_may_have_gpu() or not needs_gpu)


def cores() -> int:
    """Return the cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def processor() -> str:
    """Return the processor in words, as far as the system tells."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            found = re.search(r"^model name\s*:\s*(.+)$", file.read(), re.MULTILINE)
    except OSError:
        found = None
    return found[1].strip() if found else platform.processor() or platform.machine()


def _memory() -> float:
    return float(psutil.virtual_memory().total / 1e9)


def _gpu() -> bool:
    """Tell whether there is a GPU, without loading PyTorch where there is none."""
    if not _may_have_gpu():
        return False
    import torch  # heavy: torch

    return torch.cuda.is_available() or torch.backends.mps.is_available()


def _may_have_gpu() -> bool:
    return shutil.which("nvidia-smi") is not None or platform.system() == "Darwin"
