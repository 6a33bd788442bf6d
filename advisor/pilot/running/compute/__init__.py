"""The process that computes for a worker: orders in, answers and measurements out."""

__all__ = ["child_process", "error_messages", "hardware", "messages", "steps"]
