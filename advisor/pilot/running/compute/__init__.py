"""The process that computes for a worker: orders in, answers and measurements out."""

__all__ = [
    "answer_outbox",
    "arm_timing",
    "child_process",
    "error_messages",
    "hardware",
    "messages",
    "orders",
    "steps",
    "worker_process",
]
