"""Where encoders and base models come from."""

__all__ = [
    "base",
    "base_default",
    "base_folder",
    "base_place",
    "batching",
    "bert",
    "chat",
    "encoder",
    "endpoint",
    "generation",
    "hub",
    "lora",
    "minilm",
    "word_pieces",
]
