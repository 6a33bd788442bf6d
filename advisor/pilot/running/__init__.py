"""Pilots are run: queued, estimated, watched, paused, resumed, cancelled.

Whoever asks (a screen, the command line) writes rows and reads rows; a worker takes pilots from the
queue and lets a process of its own compute. Neither DBOS nor PyTorch is loaded here.
"""

from advisor.pilot.running.asking import ask, queue, watch
from advisor.pilot.running.estimate import Estimate, StepEstimate
from advisor.pilot.running.snapshot import ArmProgress, Snapshot
from advisor.pilot.running.starting import ensure_worker, take_up
from advisor.pilot.running.steps import Step, plan

__all__ = [
    "ArmProgress",
    "Estimate",
    "Snapshot",
    "Step",
    "StepEstimate",
    "ask",
    "ensure_worker",
    "plan",
    "queue",
    "take_up",
    "watch",
]
