"""From bytes to rows: text, JSON, YAML, CSV, Office files, PDF and Parquet."""
