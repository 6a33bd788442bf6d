"""Reading a production log: failures of any number, a block at a time."""

__all__ = [
    "block_reading",
    "block_rows",
    "columnar",
    "output",
    "pace",
    "process",
    "ray",
    "recognise",
    "sinks",
    "summary",
]
