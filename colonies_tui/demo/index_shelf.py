"""The indexes that blueprints ask for: one file each, built level by level from the files of a package."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from colonies_tui.demo.corpus import Corpus, Source
from colonies_tui.demo.progress import Progress
from colonies_tui.demo.tokens import identifiers
from colonies_tui.demo.work import Result

INDEXES: Final = "indexes"
"""Name of the directory of indexes in the data directory."""

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*\Z")


class IndexNotWanted(ValueError):
    """A blueprint asks for what is no index."""


@dataclass(frozen=True, slots=True)
class IndexWish:
    """What a blueprint asks for."""

    package: str
    depth: int
    """Levels of directories, 1 for the files of the package itself."""

    @classmethod
    def of(cls, spec: dict[str, Any]) -> IndexWish:
        """Read the specification of a blueprint.

        Raises:
            IndexNotWanted: it is none of an index.
        """
        package, depth = spec.get("package"), spec.get("depth")
        if not isinstance(package, str) or isinstance(depth, bool) or not isinstance(depth, int) or depth < 1:
            raise IndexNotWanted(f"an index has a package and a depth of at least 1, not {spec}")
        return cls(package, depth)


@dataclass(frozen=True, slots=True)
class IndexShelf:
    """A directory with one file for each index, by the name of its blueprint."""

    directory: Path

    def path(self, name: str) -> Path:
        """Return the file of an index; it need not exist.

        Raises:
            IndexNotWanted: the name cannot be one of a file.
        """
        if not _NAME.match(name):
            raise IndexNotWanted(f"an index cannot be called {name!r}")
        return self.directory / f"{name}.json"

    def read(self, name: str) -> Result | None:
        """Return what there is of an index: what its status says."""
        path = self.path(name)
        if not path.exists():
            return None
        found: Result = json.loads(path.read_text(encoding="utf-8"))
        return found

    def remove(self, name: str) -> bool:
        """Remove an index and tell whether there was one."""
        path = self.path(name)
        existed = path.exists()
        path.unlink(missing_ok=True)
        return existed

    def write(self, name: str, status: Result) -> None:
        """Put an index in place of the one before."""
        path = self.path(name)
        self.directory.mkdir(exist_ok=True)
        partial = path.with_suffix(".new")
        partial.write_text(json.dumps(status, indent=1), encoding="utf-8")
        partial.replace(path)


def bring_closer(
    progress: Progress, corpus: Corpus, shelf: IndexShelf, name: str, wish: IndexWish, *, anew: bool = False
) -> Result:
    """Bring an index one step closer to what is wanted, and return what it is then.

    A step is one level of directories more, so that nothing large keeps the executor from the next index; an index of
    something else, or of too many levels, is given up.

    Args:
        progress: told how it goes.
        corpus: where packages are.
        shelf: where indexes are.
        name: the name of the blueprint.
        wish: what is wanted.
        anew: whether to begin again whatever there is.

    Raises:
        IndexNotWanted: the name cannot be one of an index.
        NotADirectoryError, FileNotFoundError: there is no such package.
    """
    present = None if anew else shelf.read(name)
    level = 0
    if present is not None and present["package"] == wish.package:
        if present["depth"] == wish.depth:
            progress.say(f"{name} is as it should be: {wish.package}, {levels(wish.depth)}")
            return present
        level = min(present["depth"], wish.depth - 1)
    level += 1
    files = [file for file in corpus.resolve(wish.package).files() if _level_of(file, wish.package) <= level]
    progress.say(f"{name}: {len(files)} files of {wish.package}, {levels(level)} of {wish.depth}")
    index: Counter[str] = Counter()
    for file in files:
        index.update(identifiers(file.path.read_bytes(), progress.step))
    status = {
        "package": wish.package,
        "depth": level,
        "files": len(files),
        "identifiers": len(index),
        "most_used": [word for word, _ in index.most_common(3)],
        "built": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    shelf.write(name, status)
    progress.say(f"{len(index)} identifiers" + ("" if level == wish.depth else "; the next level follows next time"))
    return status


def levels(count: int) -> str:
    """Return a depth in words."""
    return f"{count} level{'' if count == 1 else 's'}"


def _level_of(file: Source, package: str) -> int:
    return file.name.removeprefix(f"{package}/").count("/") + 1
