"""Finished blocks on disk, so that an interrupted run goes on where it stopped."""

from __future__ import annotations

import hashlib
import os
import shutil
import zlib
from pathlib import Path
from typing import BinaryIO

from pydantic import BaseModel, ConfigDict, ValidationError

from advisor.core.files import readable, write_whole
from advisor.core.strict import digest
from advisor.core.text import shown
from advisor.errors import InputError, Problem
from advisor.logs.block_reading import Block, BlockJob, Counts
from advisor.logs.block_rows import BLOCK_BYTES

_MANIFEST = "manifest.json"
_LOOKED_AT = 1_000_000


class Manifest(BaseModel):
    """What a run depends on; a run goes on only where all of it is as it was."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    input: str
    """Digest of the file's size, time of change, beginning and end."""
    classifier: str
    columns: str
    """Digest of how the file is read, and of the size of a block."""

    @classmethod
    def of(cls, job: BlockJob) -> Manifest:
        """Return what a run of `job` depends on now."""
        recipe = job.recipe.model_dump(mode="json")
        return cls(
            input=_state(job.path),
            classifier=job.classifier,
            columns=digest([recipe, BLOCK_BYTES]),
        )

    def changes(self, now: Manifest) -> list[str]:
        """Return in words what is not as it was."""
        names = {
            "input": "the file",
            "classifier": "the classifier",
            "columns": "how the columns are read",
        }
        return [word for name, word in names.items() if getattr(self, name) != getattr(now, name)]


class _Done(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    done: float
    counts: Counts


class Parts:
    """The folder beside the results that holds the finished blocks."""

    def __init__(self, folder: Path) -> None:
        """Use `folder`, which may not exist yet."""
        self.folder = folder

    def begin(self, now: Manifest, restart: bool) -> tuple[str, ...]:
        """Make the folder ready; return what a person should know about an earlier run.

        Raises:
            InputError: the folder is somebody else's, or cannot be written.
        """
        before = self._manifest()
        changed = before.changes(now) if before else []
        if before and (restart or changed):
            shutil.rmtree(self.folder)
        if before and not restart and not changed:
            many = sum(1 for _ in self.folder.glob("*.done"))
            return (f"Going on with an interrupted run: {many:,} blocks are done already",)
        self._make(now)
        told = f"Since the interrupted run {' and '.join(changed)} changed: starting again"
        return (told,) if changed and not restart else ()

    def _manifest(self) -> Manifest | None:
        path = self.folder / _MANIFEST
        try:
            return Manifest.model_validate_json(path.read_bytes())
        except FileNotFoundError:
            pass
        except (OSError, ValidationError):
            raise self._foreign() from None
        if self.folder.exists() and not self._is_bare():
            raise self._foreign()
        return None

    def _is_bare(self) -> bool:
        """Tell a folder that is empty, but for what an interrupted `write_whole` left."""
        return self.folder.is_dir() and all(
            one.name.startswith(".advisor-") for one in self.folder.iterdir()
        )

    def _foreign(self) -> InputError:
        what = "is there already and does not come from an interrupted run"
        return InputError(Problem(str(self.folder), what, "Move it, or give another --out"))

    def _make(self, now: Manifest) -> None:
        try:
            self.folder.mkdir(exist_ok=True)
        except OSError as error:
            what = f"cannot be made: {error.strerror}"
            mend = "Give a place for --out that exists and can be written"
            raise InputError(Problem(str(self.folder), what, mend)) from None
        write_whole(self.folder / _MANIFEST, now.model_dump_json().encode())

    def keep(self, block: Block) -> None:
        """Write a finished block; it counts only when all of it is there.

        Raises:
            InputError: the disk is full, or the folder is gone.
        """
        write_whole(self._path(block.index, "jsonl"), block.results)
        write_whole(self._path(block.index, "csv"), block.refused)
        write_whole(self._path(block.index, "tally"), zlib.compress(block.tally.encode(), 1))
        done = _Done(done=block.done, counts=block.counts)
        write_whole(self._path(block.index, "done"), done.model_dump_json().encode())

    def counts(self, index: int) -> Counts | None:
        """Return the counts of a block; None if it is not finished."""
        try:
            raw = self._path(index, "done").read_bytes()
        except FileNotFoundError:
            return None
        return _Done.model_validate_json(raw).counts

    def tally(self, index: int) -> str:
        """Return the tally of a finished block as JSON."""
        return zlib.decompress(self._path(index, "tally").read_bytes()).decode()

    def results(self, index: int) -> bytes:
        """Return the results of a finished block, one line of JSON a failure."""
        return self._path(index, "jsonl").read_bytes()

    def join(self, ending: str, count: int, file: BinaryIO) -> None:
        """Write the parts with this ending one after the other."""
        for index in range(count):
            with self._path(index, ending).open("rb") as part:
                shutil.copyfileobj(part, file)

    def _path(self, index: int, ending: str) -> Path:
        return self.folder / f"{index:07d}.{ending}"

    def remove(self) -> None:
        """Delete the folder: the results are complete."""
        shutil.rmtree(self.folder)


def _state(path: Path) -> str:
    with readable(path), path.open("rb") as file:
        found = os.fstat(file.fileno())
        head = file.read(_LOOKED_AT)
        file.seek(max(0, found.st_size - _LOOKED_AT))
        marks = hashlib.sha256(head + file.read(_LOOKED_AT)).hexdigest()
    return digest([shown(path.name), found.st_size, found.st_mtime_ns, marks])
