"""Answers of the base model: written out, held to a form, or chosen among labels."""

from advisor.models.generation.constraints import AnswerForm
from advisor.models.generation.generate import Written, write
from advisor.models.generation.label_choice import Chosen, choose

__all__ = [
    "AnswerForm",
    "Chosen",
    "Written",
    "batching",
    "choose",
    "label_choice",
    "shared_prefixes",
    "token_rows",
    "tokenizing",
    "write",
]
