"""The worker: takes a pilot from the queue and runs it to its result, whatever dies on the way."""

__all__ = ["worker_loop"]
