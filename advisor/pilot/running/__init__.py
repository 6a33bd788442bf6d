"""Pilots are run: queued, estimated, watched, paused, resumed, cancelled.

Whoever asks (a screen, the command line) writes rows and reads rows: `asking`, `estimating`. A
worker takes pilots from the queue (`worker`, `flow`, `desk`, `doing`) and lets a process of its own
compute (`bench`, `performing`). Only the worker loads DBOS, only that process loads PyTorch, and it
knows nothing of the database.
"""
