"""What a classified log comes to: shares with intervals, groups, and how they moved over time."""

__all__ = [
    "build",
    "mode_shares",
    "offers",
    "sample",
    "summary_charts",
    "summary_files",
    "summary_record",
    "summary_words",
    "tally",
    "trend",
]
