"""From rule files to checked records, or to findings that name the line."""

__all__ = [
    "material",
    "rule_files",
    "rule_records",
    "structure",
    "yaml_lines",
]
