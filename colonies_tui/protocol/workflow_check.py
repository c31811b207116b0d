"""Whether a workflow can run: what a real server finds out only after it has stored a broken graph (§ Workflows)."""

from __future__ import annotations

from collections.abc import Sequence
from graphlib import CycleError, TopologicalSorter

from colonies_tui.protocol.errors import UnsafeRequest
from colonies_tui.protocol.messages.process import check_spec
from colonies_tui.protocol.models.process import FunctionSpec


def check_workflow(specs: Sequence[FunctionSpec]) -> None:
    """Refuse an empty workflow, missing or double node names, unknown dependencies, cycles, and unsafe specifications.

    Raises:
        UnsafeRequest: names the node and what is wrong.
    """
    if not specs:
        raise UnsafeRequest("a workflow needs at least one function in functionspecs")
    names: set[str] = set()
    for spec in specs:
        if not spec.nodename:
            raise UnsafeRequest(f"every function of a workflow needs a nodename; {spec.funcname or 'one'} has none")
        if spec.nodename in names:
            raise UnsafeRequest(f"two functions of the workflow have the nodename {spec.nodename}")
        names.add(spec.nodename)
        try:
            check_spec(spec)
        except UnsafeRequest as error:
            raise UnsafeRequest(f"{spec.nodename}: {error}") from None
    for spec in specs:
        for dependency in spec.conditions.dependencies:
            if dependency not in names:
                raise UnsafeRequest(f"{spec.nodename} depends on {dependency}, which is not in the workflow")
    graph = {spec.nodename: spec.conditions.dependencies for spec in specs}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        raise UnsafeRequest(f"the workflow goes in a circle: {' → '.join(error.args[1])}") from None
