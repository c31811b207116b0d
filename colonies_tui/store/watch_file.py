"""Watches kept over the end of the program: one small file for each profile and colony, written in one step."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import os
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Final, Protocol

from pydantic import TypeAdapter, ValidationError

from colonies_tui.store.watch import MAX_NEWS, MAX_WATCHES, News, Standing, Watch

MOST_BYTES: Final = 4 * 1024 * 1024
"""A larger file is not one of ours, bytes."""

VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class SavedWatch:
    """A watch and how its object stood."""

    watch: Watch
    standing: Standing


@dataclass(frozen=True, slots=True)
class SavedWatches:
    """Everything that is kept of one colony."""

    version: int = VERSION
    place: str = ""
    """Whose they are, in words, for people who look into the file."""
    saved_at: float = 0.0
    """Seconds since 1970."""
    read_up_to: int = 0
    """Number of the latest news that was read."""
    watches: Sequence[SavedWatch] = field(default_factory=tuple)
    news: Sequence[News] = field(default_factory=tuple)


@functools.cache
def _adapter() -> TypeAdapter[SavedWatches]:
    return TypeAdapter(SavedWatches)


class WatchKeeper(Protocol):
    """Where watches are kept."""

    def load(self) -> SavedWatches:
        """Return what was kept.

        Raises:
            OSError: it is there and cannot be read.
            ValueError: it is not what was written.
        """

    def save(self, saved: SavedWatches) -> None:
        """Keep this instead of what was kept.

        Raises:
            OSError: it could not be written; what was kept before still is.
        """


class MemoryKeeper:
    """Keeps watches only while the program runs."""

    def __init__(self) -> None:
        self.saved = SavedWatches()

    def load(self) -> SavedWatches:
        return self.saved

    def save(self, saved: SavedWatches) -> None:
        self.saved = saved


class WatchFile:
    """Keeps watches in a file with mode 0600."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @classmethod
    def of(cls, directory: Path, *, profile: str, server: str, colony: str) -> WatchFile:
        """Return the file of a profile and colony; names of people's choice are no names of files."""
        name = hashlib.sha256("\n".join((profile, server, colony)).encode("utf-8", "surrogatepass")).hexdigest()[:24]
        return cls(directory / f"{name}.json")

    def load(self) -> SavedWatches:
        try:
            with self.path.open("rb") as file:
                content = file.read(MOST_BYTES + 1)
        except FileNotFoundError:
            return SavedWatches()
        if len(content) > MOST_BYTES:
            raise ValueError("it is too large")
        try:
            saved = _adapter().validate_json(content)
        except ValidationError:
            raise ValueError("it does not hold watches") from None
        if saved.version != VERSION:
            raise ValueError(f"it is of version {saved.version}, which this program does not know")
        return saved

    def save(self, saved: SavedWatches) -> None:
        if not saved.watches and not saved.news and not self.path.exists():
            return  # who watches nothing needs no file
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        content = json.dumps(_encodable(asdict(_without_odd_ids(saved))), separators=(",", ":")).encode()
        descriptor, name = tempfile.mkstemp(dir=self.path.parent, prefix=f".{self.path.name}.")  # mode 0600
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(self.path)
        except BaseException:
            with contextlib.suppress(OSError):
                Path(name).unlink()
            raise


def _without_odd_ids(saved: SavedWatches) -> SavedWatches:
    """Leave out what no file of text can name: it would be looked for under another id."""
    kept = [each for each in saved.watches if _encodable(each.watch.key) == each.watch.key]
    return replace(saved, watches=tuple(kept))


def _encodable(value: Any) -> Any:
    """Return JSON in which lone surrogates, which a server may send, are question marks."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {_encodable(key): _encodable(inner) for key, inner in value.items()}
    return [_encodable(inner) for inner in value] if isinstance(value, list | tuple) else value


def bounded(saved: SavedWatches) -> SavedWatches:
    """Return no more than may be kept, whatever a file holds."""
    return replace(saved, watches=tuple(saved.watches[:MAX_WATCHES]), news=tuple(saved.news[-MAX_NEWS:]))
