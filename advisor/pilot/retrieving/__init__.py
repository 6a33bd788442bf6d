"""Finding what belongs into a prompt: passages of documents, or the nearest training examples."""

__all__ = [
    "hybrid_search",
    "lookup",
]
