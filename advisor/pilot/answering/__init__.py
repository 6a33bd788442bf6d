"""Answers of the base model: written out, held to a form, or chosen among labels."""

from advisor.pilot.answering.choosing import Chosen, choose
from advisor.pilot.answering.form import Form
from advisor.pilot.answering.writing import Written, write

__all__ = ["Chosen", "Form", "Written", "choose", "write"]
