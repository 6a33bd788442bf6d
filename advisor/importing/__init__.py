"""Failures and documents from the files people have, and back."""

from advisor.importing.assembly import distinct
from advisor.importing.documents import DOCUMENT_ENDINGS, read_document, read_pasted_document
from advisor.importing.failures import ENDINGS, read_failures, read_pasted
from advisor.importing.files import read_path
from advisor.importing.model import FIELDS, Column, Document, Import, Rejected
from advisor.importing.single import Reading, read_record
from advisor.importing.values import neutralise
from advisor.importing.writing import write_csv, write_jsonl

__all__ = [
    "DOCUMENT_ENDINGS",
    "ENDINGS",
    "FIELDS",
    "Column",
    "Document",
    "Import",
    "Reading",
    "Rejected",
    "distinct",
    "neutralise",
    "read_document",
    "read_failures",
    "read_pasted",
    "read_pasted_document",
    "read_record",
    "read_path",
    "write_csv",
    "write_jsonl",
]
