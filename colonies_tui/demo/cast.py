"""Who lives in the demo's colony."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from colonies_tui.demo import machine
from colonies_tui.protocol.models.executor import Capabilities, Gpu, Hardware, Software

COLONY: Final = "stdlib"
"""Name of the colony: it works on the standard library."""

USERS: Final = ("ci", "release-bot")
"""Users who submit work, besides the operator."""

UNSERVED_TYPE: Final = "translator"
"""An executor type that work is submitted for and that nobody has."""


@dataclass(frozen=True, slots=True)
class Absence:
    """When an executor leaves, again and again; seconds."""

    after: float
    lasting: float


@dataclass(frozen=True, slots=True)
class Member:
    """An executor: what it is called, what it can do, and how it came in."""

    name: str
    executortype: str
    functions: tuple[str, ...]
    approved: bool = True
    """Whether it is approved from the start, or waits for the operator."""
    absence: Absence | None = None
    claims: Capabilities | None = None
    """What it says of itself when that is not the truth."""
    location: str | None = None

    def capabilities(self, directory: Path) -> Capabilities:
        """Return what it says that it is."""
        return self.claims or machine.capabilities(self.executortype, directory)


HERE: Final = "this-machine"
"""Name of the place where the demo runs."""

RECONCILER: Final = "reconciler"
"""Type of the executor that keeps indexes as their blueprints want them."""

GUIDE: Final = "guide"
"""Type of the executor that answers questions over a channel."""

_HASHING = ("hash_file", "hash_tree", "compare_files", "hash_files", "hash_listed", "take_stock")
_PARSING = ("count_definitions", "survey_package", "count_words", "parse_files", "parse_listed")
_REPORTING = ("list_package", "compare_findings", "merge_findings", "verify_merge", "confirm_stock")
_ARCHIVING = ("compress_file", "archive_tree")

_TOO_GOOD = Capabilities(
    hardware=(
        Hardware(
            model="Quantum Blade 9000",
            nodes=4096,
            cpu="overclocked, trust me",
            cores=1_000_000,
            mem="64Ti",
            storage="1Ki",
            gpu=Gpu(name="RTX 9090 Ti", mem="1024Gi", count=512, nodecount=4096),
            platform="plan9",
            architecture="z80",
            network=("tor",),
        ),
    ),
    software=(
        Software(name="free-hashes", type="miner", version="0.0.1-cracked"),
        Software(name="CPython", type="runtime", version="2.4"),
    ),
)

CAST: Final = (
    Member("hash-1", "hasher", _HASHING),
    Member("hash-2", "hasher", _HASHING),
    Member("parse-1", "parser", _PARSING),
    Member("parse-2", "parser", _PARSING, absence=Absence(after=90, lasting=360)),
    Member("index-1", "indexer", ("index_file", "index_package")),
    Member("archive-1", "archiver", _ARCHIVING),
    Member("archive-2", "archiver", _ARCHIVING),
    Member("report-1", "reporter", _REPORTING),
    Member("watch-1", "watcher", ("watch_reports",)),
    Member("keeper-1", RECONCILER, ("reconcile", "cleanup"), location=HERE),
    Member("guide-1", GUIDE, ("answer_questions",), location=HERE),
    Member("compile-1", "compiler", ("compile_module", "compile_package"), approved=False),
    Member("turbo-hash", "hasher", _HASHING, approved=False, claims=_TOO_GOOD),
)
"""The executors: two of them wait for the operator, one because its work waits, one because it should not come in."""
