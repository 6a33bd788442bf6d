"""What each known tool writes, recognised by its shape and read as failures."""

__all__ = [
    "nested_text",
    "registry",
]
