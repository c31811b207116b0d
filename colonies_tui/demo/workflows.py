"""The workflows of the demo. Pure: nothing is sent from here.

All but the roots work on what their parents put out, which the server hands them as their input. A graph has no name:
the names of its roots say what it is about.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Any, Final

from colonies_tui.demo.cast import COLONY
from colonies_tui.demo.corpus import WHOLE
from colonies_tui.protocol.models.process import NO_LIMIT, Conditions, FunctionSpec
from colonies_tui.protocol.models.workflow import WorkflowSpec

FAN: Final = 40
"""Nodes side by side in the widest workflow: half of them hash, half of them parse."""

PACKAGES_REPORT: Final = "packages"
FANS_REPORT: Final = "verified"

_MISSING: Final = "json/py.typed"


def diamond(package: str, label: str) -> WorkflowSpec:
    """Return: list a package, hash and parse it side by side, compare what was found and report it."""
    root = f"list {package}"
    return _workflow(
        _node(root, "reporter", "list_package", args=[package], label=label),
        _node("hash", "hasher", "hash_listed", after=[root], label=label),
        _node("parse", "parser", "parse_listed", after=[root], label=label),
        _node(
            "compare",
            "reporter",
            "compare_findings",
            after=["hash", "parse"],
            kwargs={"report": PACKAGES_REPORT},
            label=label,
        ),
    )


def fan_out(package: str, files: Sequence[str], label: str) -> WorkflowSpec:
    """Return: list a package, hash and parse each of its files in a node of its own, sum it all up, verify the sums.

    Args:
        package: the directory.
        files: names of its files in their order; as many are worked on as make :data:`FAN` nodes.
        label: of every process.
    """
    root = f"list {package}"
    chosen = files[: FAN // 2]
    nodes = [_node(root, "reporter", "list_package", args=[package], kwargs={"limit": len(chosen)}, label=label)]
    for verb, executortype, funcname in (("hash", "hasher", "hash_listed"), ("parse", "parser", "parse_listed")):
        for number, file in enumerate(chosen, 1):
            name = f"{verb}/{PurePosixPath(file).relative_to(package)}"
            nodes.append(_node(name, executortype, funcname, after=[root], kwargs={"number": number}, label=label))
    single = [node.nodename for node in nodes[1:]]
    nodes.append(_node("merge", "reporter", "merge_findings", after=single, label=label))
    verify = _node(
        "verify", "reporter", "verify_merge", after=[root, "merge"], kwargs={"report": FANS_REPORT}, label=label
    )
    return _workflow(*nodes, verify)


def failing_branch(package: str, unparsable: str, label: str) -> WorkflowSpec:
    """Return a workflow whose one branch parses what is no Python: everything else fails with it, what is done too."""
    root = f"list {package}"
    return _workflow(
        _node(root, "reporter", "list_package", args=[package], label=label),
        _node("hash", "hasher", "hash_listed", after=[root], label=label),
        _node("parse", "parser", "parse_listed", after=[root], label=label),
        _node("check", "parser", "count_definitions", args=[unparsable], after=["hash"], label=label),
        _node("compare", "reporter", "compare_findings", after=["hash", "parse", "check"], label=label),
        _node("archive", "archiver", "archive_tree", args=[package], after=["compare"], label=label),
    )


def failing_leaf(package: str, label: str) -> WorkflowSpec:
    """Return a workflow that fails at its very end, which leaves what is done as it is."""
    root = f"list {package}"
    return _workflow(
        _node(root, "reporter", "list_package", args=[package], label=label),
        _node("hash", "hasher", "hash_listed", after=[root], label=label),
        _node("marker", "hasher", "hash_file", args=[_MISSING], after=[root], label=label),
    )


def stock(package: str) -> WorkflowSpec:
    """Return: hash a package, compare with the last time, and confirm it for the next time."""
    return _workflow(
        _node(f"stock {package}", "hasher", "take_stock", args=[package], label="stock", maxwaittime=120),
        _node("confirm", "reporter", "confirm_stock", after=[f"stock {package}"], label="stock"),
    )


def nightly() -> WorkflowSpec:
    """Return: hash and parse the whole library, and compare what was found."""
    return _workflow(
        _node(f"hash {WHOLE}", "hasher", "hash_tree", args=[WHOLE], label="nightly", maxexectime=600),
        _node(f"survey {WHOLE}", "parser", "survey_package", args=[WHOLE], label="nightly", maxexectime=600),
        _node(
            "compare",
            "reporter",
            "compare_findings",
            after=[f"hash {WHOLE}", f"survey {WHOLE}"],
            kwargs={"report": PACKAGES_REPORT},
            label="nightly",
        ),
    )


def watch(seconds: int) -> WorkflowSpec:
    """Return: watch the reports for so long."""
    node = _node(
        "watch reports", "watcher", "watch_reports", kwargs={"seconds": seconds}, label="watch", maxwaittime=120
    )
    return _workflow(node)


def changed_files() -> WorkflowSpec:
    """Return: hash and parse the same files, whose names both roots are given, and compare what was found."""
    return _workflow(
        _node("hash changed", "hasher", "hash_files", label="changed files", maxwaittime=120),
        _node("parse changed", "parser", "parse_files", label="changed files", maxwaittime=120),
        _node(
            "compare", "reporter", "compare_findings", after=["hash changed", "parse changed"], label="changed files"
        ),
    )


def _workflow(*nodes: FunctionSpec) -> WorkflowSpec:
    return WorkflowSpec(colonyname=COLONY, functionspecs=nodes)


def _node(
    name: str,
    executortype: str,
    funcname: str,
    *,
    label: str,
    args: Sequence[str] = (),
    kwargs: dict[str, Any] | None = None,
    after: Sequence[str] = (),
    maxwaittime: int = NO_LIMIT,
    maxexectime: int = 120,
) -> FunctionSpec:
    return FunctionSpec(
        nodename=name,
        funcname=funcname,
        args=tuple(args),
        kwargs=kwargs or {},
        maxwaittime=maxwaittime,
        maxexectime=maxexectime,
        maxretries=3,
        conditions=Conditions(colonyname=COLONY, executortype=executortype, dependencies=tuple(after)),
        label=label,
    )
