"""Trains what reads failures, on the project's own exemplars: first the encoder, then the head."""

__all__ = [
    "exemplars",
    "fitting",
    "given",
    "held_out",
    "train_head",
    "tune_record",
    "tuning",
]
