"""What a rule's condition may say, and what it says of given answers: true, false or unknown."""

__all__ = [
    "answer_space",
    "clause",
]
