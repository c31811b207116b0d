"""The files that the demo works on: the Python standard library's source, and a few faulty ones of its own."""

from __future__ import annotations

import ast
import os
import sysconfig
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

INPUTS = "inputs"
"""First part of the names of the files that the demo wrote itself."""

WHOLE = "Lib"
"""Name of the whole standard library, as its own repository calls it."""

_NOT_SOURCE = frozenset({"__pycache__", "site-packages", "dist-packages", "test", "tests", "idle_test"})
_SMALLEST_FILE = 1_000
_LARGEST_FILE = 120_000
"""Bytes; larger files would hold the interpreter for too long in one piece."""

_SHIPPED_UNPARSABLE = ("test/badsyntax_*.py", "test/*/badsyntax_*.py", "lib2to3/tests/data/py2_test_grammar.py")
_SHIPPED_LATIN = ("test/encoded_modules/module_iso_8859_1.py",)
_CUT_SHORT = "asyncio/base_events.py"


class OutsideCorpus(ValueError):
    """A name leads out of the directories that the demo works on."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file, or a directory of files, with the name that logs and results use for it."""

    name: str
    path: Path

    def files(self) -> tuple[Source, ...]:
        """Return the Python files in and below this directory, tests left out, sorted by name.

        Raises:
            NotADirectoryError: this is a file.
            FileNotFoundError: there is nothing at this path.
        """
        if not self.path.is_dir():
            self.path.stat()
            raise NotADirectoryError(f"not a directory: {self.name}")
        prefix = "" if self.name == WHOLE else f"{self.name}/"
        return tuple(
            Source(f"{prefix}{path.relative_to(self.path).as_posix()}", path) for path in _python_files(self.path)
        )


def _python_files(directory: Path) -> list[Path]:
    found: list[Path] = []
    for folder, folders, names in os.walk(directory):
        folders[:] = [name for name in folders if name not in _NOT_SOURCE]
        found.extend(Path(folder, name) for name in names if name.endswith(".py"))
    return sorted(path for path in found if not path.is_symlink())


@dataclass(frozen=True, slots=True)
class Corpus:
    """What there is to work on; all names are relative and sorted, so that a seed always chooses the same files."""

    library: Path
    """The standard library's directory."""
    inputs: Path
    """The directory with the demo's own faulty files."""
    modules: tuple[str, ...]
    """Files of a size that takes milliseconds."""
    packages: tuple[str, ...]
    """Directories with several files."""
    unparsable: tuple[str, ...]
    """Files that are no Python of today."""
    undecodable: tuple[str, ...]
    """Files that are not UTF-8."""

    @classmethod
    def open(cls, inputs: Path, library: Path | None = None) -> Self:
        """Look at this machine's standard library and write the faulty files into ``inputs``.

        Raises:
            FileNotFoundError: this Python came without the source of its standard library.
        """
        library = (library or Path(sysconfig.get_path("stdlib"))).resolve()
        modules: list[str] = []
        files_in: dict[str, int] = {}
        for path in _python_files(library):
            name = path.relative_to(library).as_posix()
            if "/" in name:
                top = name.split("/", 1)[0]
                files_in[top] = files_in.get(top, 0) + 1
            if _SMALLEST_FILE <= path.stat().st_size <= _LARGEST_FILE:
                modules.append(name)
        packages = [name for name, count in sorted(files_in.items()) if 4 <= count <= 40]
        if not modules or not packages:
            raise FileNotFoundError(f"no source of the Python standard library in {library}")
        cut, latin = _write_inputs(inputs, library, modules)
        return cls(
            library,
            inputs.resolve(),
            tuple(modules),
            tuple(packages),
            unparsable=(*filter(_fails_to_parse(library), _shipped(library, _SHIPPED_UNPARSABLE)), cut),
            undecodable=(*_shipped(library, _SHIPPED_LATIN), latin),
        )

    def resolve(self, name: str) -> Source:
        """Return the file or directory with this name; it need not exist.

        Raises:
            OutsideCorpus: the name leads elsewhere.
        """
        root, relative = self.library, name
        if name.split("/", 1)[0] == INPUTS:
            root, relative = self.inputs, name.partition("/")[2]
        elif name == WHOLE:
            relative = "."
        path = (root / relative).resolve()
        if not path.is_relative_to(root):
            raise OutsideCorpus(f"{name!r} is not below the standard library")
        return Source(name, path)


def _shipped(library: Path, patterns: tuple[str, ...]) -> list[str]:
    return sorted(path.relative_to(library).as_posix() for pattern in patterns for path in library.glob(pattern))


def _fails_to_parse(library: Path) -> Callable[[str], bool]:
    """Return a test for files: most of those with bad syntax parse, and fail only when they are compiled."""

    def fails(name: str) -> bool:
        try:
            ast.parse((library / name).read_bytes(), name)
        except (SyntaxError, ValueError):
            return True
        return False

    return fails


def _write_inputs(inputs: Path, library: Path, modules: list[str]) -> tuple[str, str]:
    """Write one file that does not parse and one that is not UTF-8; a Python without its tests ships neither."""
    inputs.mkdir(parents=True, exist_ok=True)
    whole = library / (_CUT_SHORT if _CUT_SHORT in modules else modules[0])
    lines = whole.read_text(encoding="utf-8", errors="replace").splitlines(keepends=True)
    cut = f"{whole.stem}_cut_short.py"
    # The open bracket makes sure that no cut, however lucky, leaves a complete program.
    (inputs / cut).write_text("".join(lines[: len(lines) * 3 // 5]) + "def resume(self, (\n", encoding="utf-8")
    latin = "auteurs.txt"
    (inputs / latin).write_bytes("Noms des auteurs\nFrançois Élie Ångström\nZoë Müller\n".encode("latin-1"))
    return f"{INPUTS}/{cut}", f"{INPUTS}/{latin}"
