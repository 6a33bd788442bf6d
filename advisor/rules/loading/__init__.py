"""From rule files to checked records, or to findings that name the line."""
