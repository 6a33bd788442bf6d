"""Rows before anybody knows what they mean: cells, columns, their roles, dates."""

__all__ = [
    "columns",
    "dates",
    "headers",
    "import_result",
    "table",
]
