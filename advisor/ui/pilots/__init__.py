"""Parts of the screens of pilots."""

__all__ = [
    "progress_view",
    "result_parts",
    "spec_form",
    "start_view",
    "verdict_view",
]
