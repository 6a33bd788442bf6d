"""Reading a draft's words: what they already answer, and the sentence each answer rests on."""

__all__ = [
    "cues",
    "head",
    "numbers",
    "project_document",
    "quantities",
    "reader",
    "requested_remedy",
    "sentence_splitting",
    "shares",
    "suggestion",
    "train_reader",
    "training_figures",
    "training_sentences",
    "weighing",
]
