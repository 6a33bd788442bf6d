"""Words and pictures that the screens, the command line and the documents share."""

__all__ = [
    "arm_titles",
    "chart_data",
    "chart_parts",
    "charts",
    "differences",
    "file_names",
    "flips",
    "palette",
    "rule_words",
    "terminal",
    "wording",
]
