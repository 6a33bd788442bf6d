"""Reading a draft's words: what they already answer, and the sentence each answer rests on."""

__all__ = ["project_document", "reader", "suggestion"]
