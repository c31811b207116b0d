"""Crons as lines: when they run in words, when next, and why one does not run."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from colonies_tui.protocol.models.schedule import Cron
from colonies_tui.protocol.states import ProcessState
from colonies_tui.store.graphs import GraphRow
from colonies_tui.ui.tables.crons import OVERDUE_SECONDS, cron_line, following_runs, last_run, next_run

NOW = datetime(2024, 5, 1, 12, 0, 0, tzinfo=UTC)
STAMP = NOW.timestamp()


def cron(expression: str = "0 0 3 * * *", **changes: Any) -> Cron:
    return Cron(**{"name": "nightly", "cronexpression": expression, "interval": -1, **changes})


def graph(state: ProcessState) -> GraphRow:
    return GraphRow("g", state, "", None, None, None, (), ())


def problem(row: Cron, previous: GraphRow | None = None) -> str:
    return cron_line(row, previous, (), STAMP).problem


def test_it_says_in_words_when_it_runs() -> None:
    assert cron_line(cron(), None, (), STAMP).words == "at 03:00:00 every day"
    assert cron_line(cron("", interval=90), None, (), STAMP).words == "every 90 s"
    line = cron_line(cron("not one"), None, (), STAMP)
    assert line.words == "cannot be read: not one"
    assert line.problem == "its expression cannot be read"


def test_the_servers_own_next_run_comes_first() -> None:
    told = NOW + timedelta(hours=1)
    runs = following_runs(cron(nextrun=told), STAMP, 4)
    assert runs == [told, *(datetime(2024, 5, day, 3, 0, 0, tzinfo=UTC) for day in (2, 3, 4))]
    assert next_run(cron(nextrun=told)) == told.timestamp()


@pytest.mark.parametrize("told", [None, NOW - timedelta(minutes=1)])
def test_without_one_to_come_it_is_counted_from_now(told: datetime | None) -> None:
    runs = following_runs(cron(nextrun=told), STAMP, 3)
    assert runs == [datetime(2024, 5, day, 3, 0, 0, tzinfo=UTC) for day in (2, 3, 4)]
    assert following_runs(cron("not one"), STAMP, 3) == []


def test_intervals_follow_each_other() -> None:
    told = NOW + timedelta(seconds=10)
    runs = following_runs(cron("", interval=60, nextrun=told), STAMP, 3)
    assert runs == [told, told + timedelta(seconds=60), told + timedelta(seconds=120)]


def test_why_it_does_not_run() -> None:
    waits = cron(waitforprevprocessgraph=True, prevprocessgraphid="g", nextrun=NOW + timedelta(hours=1))
    assert problem(waits, graph(ProcessState.RUNNING)) == "waits for the one before"
    assert problem(waits, graph(ProcessState.CANCELLED)).startswith("blocked: the workflow before was cancelled")
    assert problem(waits, graph(ProcessState.SUCCESS)) == ""
    assert problem(waits, graph(ProcessState.FAILED)) == ""
    assert problem(waits, None) == ""
    hasty = waits.model_copy(update={"waitforprevprocessgraph": False})
    assert problem(hasty, graph(ProcessState.CANCELLED)) == ""


def test_one_that_should_have_run_says_so_but_not_at_once() -> None:
    late = timedelta(seconds=OVERDUE_SECONDS)
    assert problem(cron(nextrun=NOW - late + timedelta(seconds=1))) == ""
    assert problem(cron(nextrun=NOW - late - timedelta(seconds=1))).startswith("overdue")
    assert problem(cron()) == ""


def test_last_run() -> None:
    assert last_run(cron()) is None
    assert last_run(cron(lastrun=NOW)) == STAMP
