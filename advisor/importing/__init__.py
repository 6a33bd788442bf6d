"""Failures and documents from the files people have, and back."""

from advisor.core.text import neutralise
from advisor.importing.assembly import distinct
from advisor.importing.exported import read_record
from advisor.importing.failures import ENDINGS, read_failures, read_pasted, write_csv, write_jsonl
from advisor.importing.formats.text_documents import (
    DOCUMENT_ENDINGS,
    read_document,
    read_pasted_document,
)
from advisor.importing.tables.import_result import FIELDS, Import, Rejected

__all__ = [
    "DOCUMENT_ENDINGS",
    "ENDINGS",
    "FIELDS",
    "Import",
    "Rejected",
    "assembly",
    "distinct",
    "exports",
    "failures",
    "formats",
    "neutralise",
    "proposals",
    "read_document",
    "read_failures",
    "read_pasted",
    "read_pasted_document",
    "read_record",
    "tables",
    "write_csv",
    "write_jsonl",
]
