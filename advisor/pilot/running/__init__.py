"""Pilots are run: queued, estimated, watched, paused, resumed, cancelled.

Whoever asks (a screen, the command line) writes rows and reads rows: `queue`. A worker takes pilots
from there (`worker`) and lets a process of its own compute (`compute`). Only the worker loads DBOS,
only that process loads PyTorch, and it knows nothing of the database.
"""

__all__ = [
    "compute",
    "queue",
    "worker",
]
