"""Where encoders and base models come from."""

__all__ = ["base", "chat", "encoder", "endpoint", "generation", "lora"]
