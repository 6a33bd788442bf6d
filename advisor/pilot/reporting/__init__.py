"""What a pilot came to: report, charts, costs, and files for the tools that teams use next."""

__all__ = [
    "costs",
    "pilot_charts",
    "report",
    "sections",
]
