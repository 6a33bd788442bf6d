"""Who there is, what they may be, how they sign in, and the tokens of their programs."""

__all__ = [
    "people",
    "role_words",
    "signing_in",
    "tokens",
]
