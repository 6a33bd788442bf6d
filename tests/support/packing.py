"""Archives, such as office files, with one entry changed."""

import io
import zipfile


def with_entry(data: bytes, name: str, content: bytes) -> bytes:
    """The archive with this entry, in the place of one of that name."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for entry in old.namelist():
            if entry != name:
                new.writestr(entry, old.read(entry))
        new.writestr(name, content)
    return buffer.getvalue()
