"""When crons start their workflows (§ Crons).

The zone of expressions that name none is UTC, in which this server writes its times.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from colonies_tui.localserver.graph_states import GraphStates
from colonies_tui.localserver.records.cron import CronRecord, crons_due
from colonies_tui.localserver.records.processgraph import graph_by_id
from colonies_tui.localserver.refusal import Refusal
from colonies_tui.localserver.starting import Complaints, start
from colonies_tui.protocol.cron import CronSchedule, IntervalSchedule
from colonies_tui.protocol.models.schedule import BY_EXPRESSION
from colonies_tui.protocol.states import ProcessState

if TYPE_CHECKING:
    from colonies_tui.localserver.server import LocalServer

ZONE: Final = UTC
"""Whose wall clock counts where an expression names no zone."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


def next_run(expression: str, interval: int, now: int) -> int | None:
    """Return when a cron runs next, in nanoseconds since 1970; ``None`` for never.

    Args:
        expression: when, where ``interval`` is :data:`BY_EXPRESSION`.
        interval: seconds.
        now: nanoseconds since 1970.

    Raises:
        ValueError: the expression cannot be read.
    """
    schedule = CronSchedule.parse(expression, zone=ZONE) if interval == BY_EXPRESSION else IntervalSchedule(interval)
    moment = schedule.next_after(_EPOCH + _MICROSECOND * (now // 1000))
    return None if moment is None else (moment - _EPOCH) // _MICROSECOND * 1000


class Crons:
    """The crons of a server at work."""

    def __init__(self, server: LocalServer) -> None:
        self._server = server
        self._graphs = GraphStates(server.database, server.clock)
        self._complaints = Complaints("cron")

    def check(self) -> None:
        """Start what is due. What could not start, or is held back, stays due; a missed run is made up for once."""
        now = self._server.clock.now()
        database = self._server.database
        for cron in crons_due(database, now):
            if cron.nextrun is None:
                self._plan(cron, now)
                continue
            try:
                with database.change():
                    self.run(cron)
            except Refusal as refusal:
                self._complaints.about(cron.cronid, cron.name, refusal)
            else:
                self._complaints.over(cron.cronid)

    def run(self, cron: CronRecord) -> None:
        """Start the workflow of a cron, unless it waits for the one before; within a change of the database.

        Raises:
            Refusal: the workflow cannot run, or the creator of the cron may not start it any more.
        """
        if self._is_held_back(cron):
            return
        now = self._server.clock.now()
        submitted = start(self._server, cron, root_input=self._graphs.output_of(cron.prevprocessgraphid))
        self._server.database.write(
            "UPDATE crons SET nextrun = ?, lastrun = ?, prevprocessgraphid = ? WHERE cronid = ?",
            (
                next_run(cron.cronexpression, cron.interval, now),
                now,
                submitted.graph.processgraphid,
                cron.cronid,
            ),
        )

    def _plan(self, cron: CronRecord, now: int) -> None:
        nextrun = next_run(cron.cronexpression, cron.interval, now)
        if nextrun is not None:
            with self._server.database.change():
                self._server.database.write("UPDATE crons SET nextrun = ? WHERE cronid = ?", (nextrun, cron.cronid))

    def _is_held_back(self, cron: CronRecord) -> bool:
        if not cron.waitforprevprocessgraph:
            return False
        before = graph_by_id(self._server.database, cron.prevprocessgraphid)
        if before is None:
            return False
        if before.state == ProcessState.CANCELLED:
            return self._server.settings.real_quirks  # where it stays held back for good
        return before.state not in (ProcessState.SUCCESS, ProcessState.FAILED)
