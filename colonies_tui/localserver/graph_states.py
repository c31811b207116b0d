"""What the members of a process graph mean for each other: who may start, who fails with whom (§ Workflows)."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass, field

from colonies_tui.localserver.clock import Clock
from colonies_tui.localserver.database import Database
from colonies_tui.localserver.records.process import ProcessRecord, select_processes
from colonies_tui.localserver.records.processgraph import IN_GRAPH, graph_by_id
from colonies_tui.protocol.states import ProcessState


@dataclass(frozen=True, slots=True)
class Consequences:
    """What else happened when a member entered a state."""

    told: list[ProcessRecord] = field(default_factory=list)
    """Children of a success that wait: each is told of, also one that still waits for other parents."""
    ended: list[str] = field(default_factory=list)
    """Ids of waiting and running members that were ended without a word."""


def graph_state(states: Collection[int]) -> ProcessState:
    """Return the state of a graph from the states of its members."""
    for decisive in (ProcessState.FAILED, ProcessState.CANCELLED):
        if decisive in states:
            return decisive
    if set(states) == {ProcessState.SUCCESS}:
        return ProcessState.SUCCESS
    has_begun = ProcessState.SUCCESS in states or ProcessState.RUNNING in states
    return ProcessState.RUNNING if has_begun else ProcessState.WAITING


def joined(outputs: Collection[str]) -> str:
    """Put JSON arrays one after the other into one."""
    return f"[{','.join(output[1:-1] for output in outputs if output != '[]')}]"


class GraphStates:
    """The rules. All of them run within a change of the database."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def input_of(self, process: ProcessRecord) -> str:
        """Return the input of a member that is assigned: what its parents put out, in their order."""
        if process.parents == "[]":
            return process.input
        outputs: dict[str, str] = dict(
            self._database.all(
                "SELECT processid, out FROM processes WHERE processid IN (SELECT value FROM json_each(?))",
                (process.parents,),
            )
        )
        return joined([outputs.get(parent, "[]") for parent in json.loads(process.parents)])

    def output_of(self, processgraphid: str) -> str:
        """Return what the leaves of a graph put out; nothing where the graph is gone."""
        rows = self._database.all(
            f"SELECT out FROM processes WHERE {IN_GRAPH} AND children = '[]' ORDER BY rowid",  # noqa: S608 - own text
            (processgraphid,),
        )
        return joined([output for (output,) in rows])

    def entered(self, process: ProcessRecord) -> Consequences:
        """Draw the consequences of a member's assignment or end."""
        consequences = Consequences()
        if process.state == ProcessState.SUCCESS:
            consequences = Consequences(told=self._release_children(process))
        elif process.state == ProcessState.FAILED and process.children != "[]":
            consequences = Consequences(ended=self._fail_all(process.processgraphid))
        self._settle(process.processgraphid)
        return consequences

    def cancel(self, processgraphid: str) -> Consequences:
        """Cancel the members of a graph that wait or run, and the graph whatever its state."""
        now = self._clock.now()
        living = self._living(processgraphid)
        self._database.write(
            f"UPDATE processes SET state = 4, ended = ? WHERE {IN_GRAPH} AND state IN (0, 1)",  # noqa: S608 - own text
            (now, processgraphid),
        )
        self._database.write(
            "UPDATE processgraphs SET state = 4, ended = ? WHERE processgraphid = ?", (now, processgraphid)
        )
        return Consequences(ended=living)

    def _release_children(self, process: ProcessRecord) -> list[ProcessRecord]:
        if process.children == "[]":
            return []
        self._database.write(
            "UPDATE processes SET waits_for_parents = 0"
            " WHERE processid IN (SELECT value FROM json_each(?)) AND waits_for_parents = 1 AND state = 0"
            " AND NOT EXISTS (SELECT 1 FROM json_each(processes.parents) AS parent"
            " LEFT JOIN processes AS p ON p.processid = parent.value WHERE p.state IS NOT 2)",
            (process.children,),
        )
        children = {
            child.processid: child
            for child in select_processes(
                self._database,
                "WHERE processid IN (SELECT value FROM json_each(?)) AND state = 0",
                (process.children,),
            )
        }
        return [children[processid] for processid in json.loads(process.children) if processid in children]

    def _fail_all(self, processgraphid: str) -> list[str]:
        """Fail every member, also those that were successful, with no error and no new time of end."""
        living = self._living(processgraphid)
        self._database.write(f"UPDATE processes SET state = 3 WHERE {IN_GRAPH} AND state <> 3", (processgraphid,))  # noqa: S608 - own text
        return living

    def _living(self, processgraphid: str) -> list[str]:
        rows = self._database.all(
            f"SELECT processid FROM processes WHERE {IN_GRAPH} AND state IN (0, 1)",  # noqa: S608 - own text
            (processgraphid,),
        )
        return [processid for (processid,) in rows]

    def _settle(self, processgraphid: str) -> None:
        graph = graph_by_id(self._database, processgraphid)
        if graph is None:  # removed while this member was still at work
            return
        rows = self._database.all(f"SELECT DISTINCT state FROM processes WHERE {IN_GRAPH}", (processgraphid,))  # noqa: S608 - own text
        state = graph_state([state for (state,) in rows])
        if state == graph.state:
            return
        now = self._clock.now()
        begins = (graph.state, state) == (ProcessState.WAITING, ProcessState.RUNNING)
        self._database.write(
            "UPDATE processgraphs SET state = ?, started = ?, ended = ? WHERE processgraphid = ?",
            (int(state), now if begins else graph.started, now if state.is_final else graph.ended, processgraphid),
        )
