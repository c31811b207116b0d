"""The members of a workflow as nodes of its graph: what each waits for, and who failed by itself. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from colonies_tui.protocol.plaintext import plain
from colonies_tui.protocol.states import ProcessState
from colonies_tui.store.cascade import Part, WorkflowFailure, explain_graph
from colonies_tui.store.graphs import Member, OpenGraph
from colonies_tui.ui.format.ids import short_id
from colonies_tui.ui.graph.model import GraphNode

_SHOWN_PARENTS = 3

BY_ITS_WORKFLOW = "by workflow"
"""Said of a member that did not fail by itself, where its state says that it failed; short enough for a box."""


def member_name(member: Member) -> str:
    """Return what a member is called in its workflow; cleaned."""
    function = member.row.funcname if member.row is not None else ""
    return plain(member.label or function) or short_id(member.processid)


def waits_for(member: Member, members: Mapping[str, Member]) -> str:
    """Return what a waiting member waits for, in words; empty for one that could run."""
    parents = [members[parent] for parent in member.parents if parent in members]
    broken = [p for p in parents if p.state in (ProcessState.FAILED, ProcessState.CANCELLED)]
    if broken:
        word = "failed" if broken[0].state is ProcessState.FAILED else "was cancelled"
        return f"cannot run: {member_name(broken[0])} {word}"
    missing = [p for p in parents if p.state is not ProcessState.SUCCESS]
    if not missing:
        kind = member.row.executortype if member.row is not None else ""
        return f"waits for an executor {plain(kind)}".rstrip()
    names = ", ".join(member_name(parent) for parent in missing[:_SHOWN_PARENTS])
    more = len(missing) - _SHOWN_PARENTS
    return f"waits for {names}" + (f" and {more} more" if more > 0 else "")


def _error(member: Member, failure: WorkflowFailure) -> str:
    part = failure.parts.get(member.processid)
    if part is not None and part.is_cascade:
        return BY_ITS_WORKFLOW
    if part is Part.UNCLEAR:
        return "no error was given"
    return plain(member.row.error.strip()) if member.row is not None else ""


def _was(member: Member, failure: WorkflowFailure) -> str:
    part = failure.parts.get(member.processid)
    return part.value if part is not None and part.is_cascade else ""


def graph_nodes(graph: OpenGraph, executor_name: Callable[[str], str]) -> list[GraphNode]:
    """Return the nodes of an open graph.

    Args:
        graph: with all its members.
        executor_name: names an executor by its id.
    """
    members = {member.processid: member for member in graph.members}
    failure = explain_graph(graph)
    nodes = []
    for member in graph.members:
        row = member.row
        nodes.append(
            GraphNode(
                id=member.processid,
                label=member_name(member),
                parents=member.parents,
                state=member.state,
                submitted=row.submissiontime if row is not None else None,
                started=row.starttime if row is not None else None,
                ended=row.endtime if row is not None else None,
                executor=plain(executor_name(row.assignedexecutorid)) if row is not None else "",
                error=_error(member, failure),
                waits_for=waits_for(member, members) if member.state is ProcessState.WAITING else "",
                stem=plain(row.funcname) if row is not None else "",
                cascaded=failure.is_apart(member.processid),
                was=_was(member, failure),
            )
        )
    return nodes
