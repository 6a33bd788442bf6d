"""From bytes to rows: text, JSON, YAML, CSV, Office files, PDF and Parquet."""

__all__ = [
    "decoding",
    "delimited",
    "freetext",
    "json_records",
    "sheets",
    "subprocess_reader",
    "text_documents",
    "yaml_records",
]
