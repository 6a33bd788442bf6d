"""Where encoders and base models come from."""
