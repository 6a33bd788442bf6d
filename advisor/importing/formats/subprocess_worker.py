"""Reads one office file, PDF or table from standard input and writes JSON; a process of its own.

It imports nothing of this package, so that it starts quickly, and it limits its own memory, so that
a hostile file can end nothing but itself.
"""

from __future__ import annotations

import io
import json
import sys
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

import python_calamine as calamine

if sys.platform != "win32":
    import resource

MEMORY = 2_000_000_000
ROWS = 50_002
CELL = 1_000_001
COLUMNS = 200
TEXT = 200_000
BATCH = 64
UNPACKED = 200_000_000
PAGES = 2_000

Result = dict[str, Any]


class UnreadableFile(Exception):
    """The file cannot be read; says what is wrong and how to mend it."""


def main() -> None:
    """Read standard input with the reader named by the first argument."""
    _limit_memory()
    try:
        result = READERS[sys.argv[1]](sys.stdin.buffer.read())
    except UnreadableFile as refusal:
        result = {"problem": list(refusal.args)}
    sys.stdout.write(json.dumps(result))


def _limit_memory() -> None:
    if sys.platform == "win32":
        return
    try:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    except (ValueError, OSError):
        # Not every system can do it; the size of the file is limited anyway.
        return


def read_sheet(data: bytes) -> Result:
    """Return the first sheet that has rows: `{sheet, others, width, rows: [[line, [cell]]]}`."""
    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    except calamine.PasswordError:
        raise UnreadableFile("is locked with a password", "Save it without a password") from None
    for name in book.sheet_names:
        rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False, nrows=ROWS)
        kept = list(_filled(rows))
        if kept:
            others = [other for other in book.sheet_names if other != name]
            width = max(len(cells) for _, cells in kept)
            return {"sheet": name, "others": others, "width": width, "rows": kept}
    raise UnreadableFile("has no sheet with rows", "Put a header and rows on the first sheet")


def _filled(rows: list[list[Any]]) -> Iterator[tuple[int, list[Any]]]:
    for line, row in enumerate(rows, start=1):
        cells = [_cell(value) for value in row[:COLUMNS]]
        while cells and cells[-1] in {"", None}:
            cells.pop()
        if cells:
            yield line, cells


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        # A cell over the limit costs its row; how much it is over does not matter.
        return value[:CELL] if value.strip() else ""
    if isinstance(value, datetime | date | time | timedelta):
        return str(value)
    return value


def read_parquet(data: bytes) -> Result:
    """Return the rows of a Parquet table: `{rows: [{column: value}]}`; one more than allowed."""
    import pyarrow  # heavy: pyarrow
    import pyarrow.parquet  # heavy: pyarrow

    # The default pool reserves more address space than this process may have.
    pyarrow.set_memory_pool(pyarrow.system_memory_pool())
    rows: list[Result] = []
    length = 0
    try:
        table = pyarrow.parquet.ParquetFile(io.BytesIO(data))
        names = table.schema_arrow.names[:COLUMNS]
        for batch in table.iter_batches(batch_size=BATCH, columns=names, use_threads=False):
            found = batch.to_pylist()
            # A dictionary column counts its texts once; written out they come once a row.
            texts = (value for row in found for value in row.values() if isinstance(value, str))
            length += max(batch.nbytes, sum(map(len, texts)))
            if length > UNPACKED:
                raise UnreadableFile(
                    "is larger than 200 MB once unpacked, the limit", "Keep a sample"
                )
            rows += [{name: _plain(value) for name, value in row.items()} for row in found]
            if len(rows) >= ROWS:
                break
    except (pyarrow.ArrowException, OSError, ValueError, TypeError, KeyError):
        raise UnreadableFile("is not a Parquet table", "Write it again, or as JSON lines") from None
    return {"rows": rows[:ROWS]}


def _plain(value: Any) -> Any:
    """Return a value as JSON has it; an over-long text is cut a little over the limit."""
    if isinstance(value, str):
        return value[:CELL]
    if isinstance(value, dict):
        return {str(name): _plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, bytes):
        return value[: 4 * CELL].decode("utf-8", "replace")
    return value if value is None or isinstance(value, bool | int | float) else str(value)


def read_docx(data: bytes) -> Result:
    """Return the paragraphs and tables of a Word file in their order: `{text}`."""
    import docx  # heavy: docx
    from docx.opc.exceptions import PackageNotFoundError  # heavy: docx
    from docx.table import Table  # heavy: docx

    try:
        document = docx.Document(io.BytesIO(data))
    except (KeyError, ValueError, SyntaxError, PackageNotFoundError, zipfile.BadZipFile):
        raise UnreadableFile(
            "is not a Word document", "Save it as DOCX, or paste the text"
        ) from None
    parts, length = [], 0
    for block in document.iter_inner_content():
        part = _table(block) if isinstance(block, Table) else _paragraph(block)
        parts.append(part)
        length += len(part) + 2
        if length > TEXT:
            break
    return {"text": "\n\n".join(part for part in parts if part.strip())}


def _paragraph(block: Any) -> str:
    style = block.style.name if block.style is not None else ""
    level = style.removeprefix("Heading ")
    is_heading = style != level and level.isdigit() and block.text.strip()
    return f"{'#' * int(level)} {block.text}" if is_heading else block.text


def _table(table: Any) -> str:
    lines = []
    for row in table.rows:
        # A merged cell is given once for every column it covers.
        cells = {cell._tc: " ".join(cell.text.split()) for cell in row.cells}
        lines.append(" | ".join(cells.values()))
    return "\n".join(lines)


def read_pdf(data: bytes) -> Result:
    """Return the text of a PDF, page after page: `{text, pages}`."""
    import pypdf  # heavy: pypdf
    from pypdf.errors import DependencyError, PyPdfError  # heavy: pypdf

    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise UnreadableFile("is locked with a password", "Save it without a password")
        text = _pages(reader)
        return {"text": text, "pages": len(reader.pages)}
    except DependencyError:
        raise UnreadableFile("is encrypted", "Print it to a new PDF, or paste the text") from None
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError):
        raise UnreadableFile("is not a PDF that can be read", "Print it to a new PDF") from None


def _pages(reader: Any) -> str:
    parts, length = [], 0
    for place, page in enumerate(reader.pages):
        part = page.extract_text().strip()
        parts.append(part)
        length += len(part) + 2
        if length > TEXT or place >= PAGES:
            break
    return "\n\n".join(part for part in parts if part)


READERS: dict[str, Callable[[bytes], Result]] = {
    "sheet": read_sheet,
    "parquet": read_parquet,
    "docx": read_docx,
    "pdf": read_pdf,
}

if __name__ == "__main__":
    main()
