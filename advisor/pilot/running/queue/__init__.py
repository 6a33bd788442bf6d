"""Pilots as people see them: estimated, queued, watched, paused, resumed, cancelled."""

__all__ = [
    "actions",
    "estimating",
    "local_worker",
    "snapshot",
    "terminal_follow",
]
