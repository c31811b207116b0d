"""The members of a workflow as nodes: what each waits for, and who failed by itself."""

from __future__ import annotations

from colonies_tui.protocol.models.process import ProcessRow
from colonies_tui.protocol.states import ProcessState
from colonies_tui.store.graphs import GraphRow, Member, OpenGraph
from colonies_tui.ui.details.graph_nodes import graph_nodes, waits_for
from colonies_tui.ui.graph.model import Box

WAITING, RUNNING, SUCCESS, FAILED, CANCELLED = ProcessState


def member(name: str, state: ProcessState, *parents: str, error: str = "", known: bool = True) -> Member:
    row = ProcessRow(processid=name, state=state, funcname=f"do_{name}", executortype="cli", error=error)
    return Member(name, name, state, parents, row if known else None)


def graph(*members: Member) -> OpenGraph:
    row = GraphRow("g", RUNNING, "", None, None, None, tuple(m.processid for m in members), ())
    return OpenGraph(row, members)


def said(of: OpenGraph) -> dict[str, tuple[bool, str, str]]:
    """Return whether each member failed with the others, its error, and what it was."""
    return {node.id: (node.cascaded, node.error, node.was) for node in graph_nodes(of, lambda executor: "")}


def words(*members: Member) -> str:
    """Return what the last one waits for."""
    return waits_for(members[-1], {m.processid: m for m in members})


def test_what_a_member_waits_for_is_said() -> None:
    assert words(member("a", WAITING)) == "waits for an executor cli"
    assert words(member("a", WAITING, known=False)) == "waits for an executor"
    assert words(member("a", RUNNING), member("b", WAITING, "a")) == "waits for a"
    assert words(member("a", SUCCESS), member("b", WAITING, "a")) == "waits for an executor cli"
    assert words(member("a", SUCCESS), member("b", RUNNING), member("c", WAITING, "a", "b")) == "waits for b"
    assert words(member("a", FAILED), member("b", WAITING, "a")) == "cannot run: a failed"
    assert words(member("a", CANCELLED), member("b", WAITING, "a")) == "cannot run: a was cancelled"
    many = [member(name, WAITING) for name in "abcde"]
    assert words(*many, member("z", WAITING, *"abcde")) == "waits for a, b, c and 2 more"
    assert words(member("b", WAITING, "gone")) == "waits for an executor cli"


def test_who_failed_by_itself_has_an_error() -> None:
    both = graph(member("a", FAILED, error="broken"), member("b", FAILED), member("c", SUCCESS))
    assert said(both) == {"a": (False, "broken", ""), "b": (True, "by workflow", "had not run"), "c": (False, "", "")}
    unread = graph(member("a", FAILED, error="broken"), member("b", FAILED, known=False))
    assert said(unread)["b"] == (True, "", ""), "it is quiet until it is read"
    nobody = graph(member("a", FAILED, known=False), member("b", FAILED))
    assert said(nobody) == {"a": (False, "", ""), "b": (True, "by workflow", "had not run")}


def test_the_state_of_those_that_failed_with_the_others_is_quiet() -> None:
    nodes = graph_nodes(graph(member("a", FAILED, error="broken"), member("b", FAILED)), lambda executor: "")
    assert [node.state_role for node in nodes] == ["failed", "dim"]
    assert Box("fold", "x", tuple(nodes)).state_role == "failed", "one of them failed by itself"
    assert Box("fold", "x", tuple(nodes[1:])).state_role == "dim"


def test_nodes_are_clean_and_say_what_is_known() -> None:
    row = ProcessRow(
        processid="p",
        state=FAILED,
        funcname="f\x1b[31m",
        error=" no\x07 tile \n",
        assignedexecutorid="e",
        submissiontime=1.0,
        starttime=2.0,
        endtime=5.0,
    )
    (node,) = graph_nodes(graph(Member("p", "la\x1bbel", FAILED, (), row)), lambda executor: f"name of {executor}")
    assert (node.executor, node.submitted, node.started, node.ended) == ("name of e", 1.0, 2.0, 5.0)
    assert node.failed_itself
    assert node.ran(100.0) == 3.0
    for text in (node.label, node.error, node.stem):
        assert "\x1b" not in text
        assert "\x07" not in text


def test_a_member_of_which_nothing_is_known_is_a_node_all_the_same() -> None:
    (node,) = graph_nodes(graph(Member("0123456789abcdef", "", WAITING, (), None)), lambda executor: "")
    assert (node.label, node.executor, node.error) == ("01234567", "", "")
