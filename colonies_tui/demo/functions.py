"""The registry of what executors of the demo can do: name, parameters, and the work function behind it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from colonies_tui.demo import joint_work, work
from colonies_tui.demo.progress import Progress
from colonies_tui.demo.surroundings import Surroundings
from colonies_tui.protocol.models.executor import FunctionArgument
from colonies_tui.protocol.models.process import FunctionSpec


@dataclass(frozen=True, slots=True)
class WorkFunction:
    """A function as an executor registers it.

    Every positional argument is the name of a file or directory of the corpus; keyword arguments are options.
    """

    name: str
    arguments: tuple[FunctionArgument, ...]
    run: Callable[..., work.Result]
    attributes: tuple[str, ...] = ()
    """Keys of the result that are also written as attributes of the process."""
    looks_around: bool = False
    """Whether it takes the surroundings before its arguments: what parents found, and the reports."""

    @property
    def description(self) -> str:
        """What it does, in one sentence."""
        return (self.run.__doc__ or "").partition("\n")[0]

    def __call__(self, progress: Progress, surroundings: Surroundings, spec: FunctionSpec) -> work.Result:
        """Do the work that a process asks for. Whatever goes wrong with the files is raised as it comes.

        Raises:
            OutsideCorpus: an argument leads out of the corpus.
            TypeError: wrong number or kind of arguments.
            Abandoned: the work was given up half-way.
        """
        sources = map(surroundings.corpus.resolve, spec.args)
        if self.looks_around:
            return self.run(progress, surroundings, *sources, **spec.kwargs)
        return self.run(progress, *sources, **spec.kwargs)


def _argument(name: str, description: str) -> FunctionArgument:
    return FunctionArgument(name=name, type="string", description=description, required=True)


def _option(name: str, kind: str, description: str, enum: tuple[str, ...] | None = None) -> FunctionArgument:
    return FunctionArgument(name=name, type=kind, description=description, required=False, enum=enum)


_FILE: Final = _argument("file", "path below the standard library")
_FOLDER: Final = _argument("folder", "directory below the standard library")
_LEVEL: Final = _option("level", "int", "0 (fast) to 9 (small)")

_NUMBER: Final = _option("number", "int", "one of the listed files, from 1; all if not given")
_REPORT: Final = _option("report", "string", "report to write the findings to")

FUNCTIONS: Final[dict[str, WorkFunction]] = {
    function.name: function
    for function in (
        WorkFunction("hash_file", (_FILE,), work.hash_file),
        WorkFunction("hash_tree", (_FOLDER,), work.hash_tree, attributes=("sha256",)),
        WorkFunction("compare_files", (_FILE, _argument("other", "path of the other file")), work.compare_files),
        WorkFunction("count_definitions", (_FILE,), work.count_definitions),
        WorkFunction("survey_package", (_FOLDER,), work.survey_package, attributes=("functions", "classes")),
        WorkFunction("count_words", (_FILE,), work.count_words),
        WorkFunction("index_file", (_FILE,), work.index_file),
        WorkFunction("index_package", (_FOLDER,), work.index_package, attributes=("files", "identifiers")),
        WorkFunction(
            "compress_file",
            (_FILE, _option("method", "string", "how to compress", ("zlib", "lzma")), _LEVEL),
            work.compress_file,
            attributes=("ratio",),
        ),
        WorkFunction("archive_tree", (_FOLDER, _LEVEL), work.archive_tree, attributes=("packed",)),
        WorkFunction("compile_module", (_FILE,), work.compile_module),
        WorkFunction("compile_package", (_FOLDER,), work.compile_package, attributes=("instructions",)),
        WorkFunction("list_package", (_FOLDER, _option("limit", "int", "most files to list")), joint_work.list_package),
        WorkFunction("hash_files", (_FILE,), joint_work.hash_files, attributes=("sha256",)),
        WorkFunction("parse_files", (_FILE,), joint_work.parse_files),
        WorkFunction("hash_listed", (_NUMBER,), joint_work.hash_listed, looks_around=True),
        WorkFunction("parse_listed", (_NUMBER,), joint_work.parse_listed, looks_around=True),
        WorkFunction("compare_findings", (_REPORT,), joint_work.compare_findings, looks_around=True),
        WorkFunction(
            "merge_findings", (), joint_work.merge_findings, attributes=("functions", "bytes"), looks_around=True
        ),
        WorkFunction("verify_merge", (_REPORT,), joint_work.verify_merge, looks_around=True),
        WorkFunction("take_stock", (_FOLDER,), joint_work.take_stock, attributes=("changed",), looks_around=True),
        WorkFunction("confirm_stock", (), joint_work.confirm_stock, looks_around=True),
        WorkFunction(
            "watch_reports",
            (_option("seconds", "int", "how long"),),
            joint_work.watch_reports,
            looks_around=True,
        ),
    )
}
"""All functions by name."""


def wire_value(value: Any) -> str:
    """Return a value of a result as the text of an attribute."""
    return value if isinstance(value, str) else str(value)
