"""The tables of the main views: what each cell says of a row, in which role, in which order rows stand."""

from __future__ import annotations

import dataclasses

import pytest

from colonies_tui.protocol.models.colony import Colony, Statistics, User
from colonies_tui.protocol.models.executor import Capabilities, Gpu, Hardware
from colonies_tui.protocol.states import ProcessState
from colonies_tui.store.colony_standing import ColonyStanding
from colonies_tui.store.executor_condition import ExecutorCondition
from colonies_tui.store.queues import Queue
from colonies_tui.ui.filter import parse_filter
from colonies_tui.ui.format.glyphs import UNICODE
from colonies_tui.ui.table_layout import place_columns
from colonies_tui.ui.tables.colonies import ColonyLine, colony_columns, user_columns
from colonies_tui.ui.tables.executors import executor_columns, executor_fields, hardware_words, machine_words
from colonies_tui.ui.tables.failures import BY_ITS_WORKFLOW, error_words, failure_columns
from colonies_tui.ui.tables.log_sources import LogSourceLine, log_source_columns
from colonies_tui.ui.tables.processes import (
    happened_at,
    process_columns,
    process_fields,
    process_title,
    ran_seconds,
    waited_seconds,
)
from colonies_tui.ui.tables.queues import queue_columns
from tests.ui.rows import EVIL, NOW, cells, executor, executor_line, name_of, process_row

PROCESSES = process_columns(name_of, UNICODE)
WAITING, RUNNING = ProcessState.WAITING, ProcessState.RUNNING
SUCCESS, FAILED, CANCELLED = ProcessState.SUCCESS, ProcessState.FAILED, ProcessState.CANCELLED


@pytest.mark.parametrize(
    ("state", "glyph", "role", "waited", "ran", "age"),
    [
        (WAITING, "◌", "waiting", "1m40", "–", "1m40"),
        (RUNNING, "▶", "running", "40s", "1m00", "1m00"),
        (SUCCESS, "✔", "success", "40s", "40s", "20s"),
        (FAILED, "✖", "failed", "40s", "40s", "20s"),
        (CANCELLED, "⊘", "cancelled", "40s", "40s", "20s"),
    ],
)
def test_a_process_says_its_state_and_its_times(
    state: ProcessState, glyph: str, role: str, waited: str, ran: str, age: str
) -> None:
    found = cells(PROCESSES, process_row(state))
    assert (found["glyph"].text, found["glyph"].role) == (glyph, role)
    assert found["state"].text == state.name.lower()
    assert (found["waited"].text, found["ran"].text, found["age"].text) == (waited, ran, age)
    assert found["executor"].text == ("–" if state is WAITING else "worker-1")
    ticking = {"waited"} if state is WAITING else {"ran"} if state is RUNNING else set()
    assert {key for key in ("waited", "ran") if found[key].role == "text"} == ticking, "what still grows stands out"


def test_times_that_the_wire_does_not_say_are_no_numbers() -> None:
    bare = process_row(CANCELLED, submissiontime=None, starttime=None, endtime=None)
    assert (waited_seconds(bare, NOW), ran_seconds(bare, NOW), happened_at(bare)) == (None, None, None)
    assert cells(PROCESSES, bare)["age"].text == "–"
    never_ran = process_row(CANCELLED, starttime=None)
    assert (waited_seconds(never_ran, NOW), ran_seconds(never_ran, NOW)) == (80, None)
    backwards = process_row(SUCCESS, starttime=NOW, endtime=NOW - 5)
    assert ran_seconds(backwards, NOW) == 0, "two clocks differ; nothing runs for less than no time"


def test_a_process_is_called_by_its_function_and_its_node() -> None:
    assert process_title(process_row()) == "render_tile"
    assert process_title(process_row(nodename="step 2")) == "render_tile / step 2"
    assert process_title(process_row(nodename="render_tile")) == "render_tile"
    assert process_title(process_row(funcname="")) == "(no function)"


def test_what_is_usual_is_not_written() -> None:
    usual = cells(PROCESSES, process_row())
    assert (usual["priority"].text, usual["retries"].text, usual["error"].text) == ("", "", "")
    unusual = cells(PROCESSES, process_row(priority=-3, retries=2, error=" boom\n"))
    assert (unusual["priority"].text, unusual["retries"].text, unusual["error"].text) == ("-3", "2", "boom")


def test_every_sort_puts_rows_in_order() -> None:
    rows = [
        process_row(state, funcname=name, error=error, processid=name, priority=len(name))
        for state, name, error in (
            (RUNNING, "b", ""),
            (WAITING, "a", ""),
            (FAILED, "cc", "x"),
            (SUCCESS, "D", ""),
        )
    ]
    for column in PROCESSES:
        if column.sort is not None:
            keys = [column.sort(row) for row in rows]
            known = [key for key in keys if key is not None]
            assert known == [] or sorted(known), column.key
    by = {column.key: column.sort for column in PROCESSES}
    function, age = by["function"], by["age"]
    assert function is not None
    assert age is not None
    assert [row.funcname for row in sorted(rows, key=function)] == ["a", "b", "cc", "D"], "whatever the case"
    assert [row.funcname for row in sorted(rows, key=age)][-2:] == ["b", "a"], "the newest first"


@pytest.mark.parametrize("width", [80, 120, 200])
def test_function_and_error_have_room_at_every_width(width: int) -> None:
    placed = {PROCESSES[place.column].key: place.width for place in place_columns(PROCESSES, width)}
    assert placed["function"] >= 14
    assert placed["error"] >= 20
    assert placed["executor"] >= 10


def test_a_filter_knows_every_field_of_a_process() -> None:
    row = process_row(FAILED, label="tiles", error="boom", nodename="n1", retries=1, priority=5)
    fields = process_fields(name_of)
    for text in (
        "function=render_tile node=n1 type=gpu executor=worker-1 label=tiles by=operator state=failed error~oo",
        "id=" + "ab" * 32,
        "age>10s age<1m waited>30s ran=40 duration=40 retries=1 priority>4",
    ):
        wanted = parse_filter(text, fields, lambda: NOW)
        assert wanted is not None
        assert wanted(row), text


def test_failures_say_why_also_where_the_server_does_not() -> None:
    assert error_words(process_row(FAILED, error="boom\nat line 3")) == "boom␊at line 3"
    member = {"processgraphid": "f" * 64}
    cut = process_row(FAILED, **member, endtime=None)
    assert error_words(cut) == BY_ITS_WORKFLOW
    assert error_words(cut, "parse") == "by its workflow: parse failed first"
    assert error_words(process_row(FAILED, **member)) == "no error was given", "it may have failed by itself"
    assert error_words(process_row(FAILED, **member), "parse") == "no error of its own: parse failed first"
    assert error_words(process_row(FAILED), "parse") == "no error was given"
    assert error_words(process_row(FAILED)) == "no error was given"
    columns = failure_columns(name_of, UNICODE, lambda graph_id: "parse")
    quiet = cells(columns, cut)
    assert (quiet["error"].text, quiet["error"].role) == ("by its workflow: parse failed first", "dim")
    assert quiet["glyph"].role == "dim"
    found = cells(failure_columns(name_of, UNICODE), process_row(FAILED, error="boom"))
    assert [found[key].text for key in ("age", "function", "executor", "error", "id")] == [
        "20s",
        "render_tile",
        "worker-1",
        "boom",
        "abababab",
    ]


def test_an_executor_shows_what_it_runs_and_how_it_did() -> None:
    columns = executor_columns(UNICODE)
    idle = cells(columns, executor_line())
    assert (idle["running"].text, idle["record"].text, idle["heard"].text) == ("–", "–", "2s")
    busy = cells(columns, executor_line(running=(("train", NOW - 240), ("eval", NOW - 3)), succeeded=812, failed=3))
    assert (busy["running"].text, busy["running"].tail) == ("train", " 4m00 +1")
    assert (busy["record"].text, busy["record"].tail, busy["record"].tail_role) == ("812/", "3", "failed")
    silent = cells(columns, executor_line(ExecutorCondition.STALE, lastheardfromtime=None))
    assert (silent["heard"].text, silent["state"].text, silent["glyph"].text) == ("–", "stale", "◍")


def test_pending_executors_stand_first_and_gone_ones_last() -> None:
    state = next(column.sort for column in executor_columns(UNICODE) if column.key == "state")
    assert state is not None
    lines = [executor_line(condition) for condition in reversed(ExecutorCondition)]
    found = [line.condition.value for line in sorted(lines, key=state)]
    assert found == ["pending", "stale", "approved", "rejected", "gone"]


def test_a_machine_in_a_few_words() -> None:
    assert machine_words(executor()) == "2 × A100 40Gi · 32 cores · 256Gi"
    assert machine_words(executor(capabilities=Capabilities())) == ""
    two = Capabilities(hardware=(Hardware(cpu="M2", nodes=4), Hardware()))
    assert machine_words(executor(capabilities=two)) == "4 nodes · M2 (+1)"
    assert hardware_words(Hardware(model="Pi 5")) == "Pi 5"
    assert hardware_words(Hardware(gpu=Gpu(count=1))) == "1 ×"


def test_a_filter_knows_every_field_of_an_executor() -> None:
    line = executor_line(running=(("train", NOW),), failed=4)
    for text in ("name=gpu-1 type=gpu state=approved location=rack-1 hardware~a100 running~train", "heard<3 failed>3"):
        wanted = parse_filter(text, executor_fields(), lambda: NOW)
        assert wanted is not None
        assert wanted(line), text
    silent = parse_filter("heard>0", executor_fields(), lambda: NOW)
    assert silent is not None
    assert not silent(executor_line(lastheardfromtime=None))


def test_a_queue_says_how_deep_how_old_and_why() -> None:
    columns = queue_columns(UNICODE)
    blocked = cells(
        columns,
        Queue(
            "gpu",
            waiting=4102,
            is_cut=True,
            oldest_since=NOW - 1084,
            executors={ExecutorCondition.PENDING: 1, ExecutorCondition.STALE: 2},
            why="no approved executor; 1 pending",
        ),
    )
    assert (blocked["waiting"].text, blocked["waiting"].role) == ("4 102+", "waiting")
    assert (blocked["oldest"].text, blocked["rate"].text, blocked["wait"].text) == ("18m04", "–", "–")
    assert (blocked["executors"].text, blocked["executors"].tail) == ("0 ●", "  1 ◌  2 ◍")
    assert blocked["why"].role == "waiting"
    healthy = cells(
        columns,
        Queue("", running=3, median_wait=0.2, done_per_minute=13.6, executors={ExecutorCondition.APPROVED: 7}),
    )
    assert healthy["type"].text == "(no type)"
    assert (healthy["waiting"].role, healthy["running"].role) == ("dim", "running")
    assert (healthy["rate"].text, healthy["wait"].text) == ("14", "0.2s")
    assert (healthy["executors"].text, healthy["executors"].tail, healthy["why"].text) == ("7 ●", "", "")


def test_colonies_and_users() -> None:
    columns = colony_columns(UNICODE)
    standing = ColonyStanding(Statistics(waitingprocesses=4213), 2)
    known = ColonyLine(Colony(name="dev", colonyid="c" * 64), standing, is_current=True)
    found = cells(columns, known)
    assert (found["current"].text, found["name"].text, found["id"].text) == ("●", "dev", "cccccccc")
    assert (found["waitingprocesses"].text, found["pending"].text, found["note"].text) == ("4 213", "2", "")
    unknown = cells(columns, dataclasses.replace(known, standing=ColonyStanding(), is_current=False))
    assert (unknown["current"].text, unknown["waitingprocesses"].text, unknown["note"].text) == ("", "–", "asking")
    forbidden = cells(columns, dataclasses.replace(known, standing=ColonyStanding(is_forbidden=True)))
    assert (forbidden["waitingprocesses"].text, forbidden["pending"].text) == ("–", "–")
    assert forbidden["note"].text == "not allowed"
    nothing = cells(columns, dataclasses.replace(known, standing=ColonyStanding(Statistics(), 0)))
    assert (nothing["waitingprocesses"].text, nothing["pending"].text, nothing["note"].text) == ("0", "0", "")
    user = cells(user_columns(), User(name="op", email="a@b", phone="1", userid="d" * 64))
    assert [user[key].text for key in ("name", "email", "phone", "id")] == ["op", "a@b", "1", "dddddddd"]


def test_log_sources() -> None:
    line = LogSourceLine("process x", 0, "running", "train", "gpu-1", NOW - 5)
    found = cells(log_source_columns(UNICODE), line)
    assert [found[key].text for key in ("glyph", "name", "place", "age")] == ["▶", "train", "gpu-1", "5s"]
    assert cells(log_source_columns(UNICODE), dataclasses.replace(line, at=None))["age"].text == ""


def test_no_cell_lets_anything_through_that_is_not_printable() -> None:
    capabilities = Capabilities(hardware=(Hardware(cpu=EVIL, mem=EVIL, gpu=Gpu(name=EVIL)),))
    row = process_row(
        FAILED, funcname=EVIL, nodename=EVIL + "n", label=EVIL, error=EVIL, initiatorname=EVIL, executortype=EVIL
    )
    line = executor_line(
        running=((EVIL, NOW),), executortype=EVIL, locationname=EVIL, name=EVIL, capabilities=capabilities
    )
    colony = ColonyLine(Colony(name=EVIL), ColonyStanding(), is_current=False)
    found = [
        *cells(process_columns(lambda _: EVIL, UNICODE), row).values(),
        *cells(failure_columns(lambda _: EVIL, UNICODE), row).values(),
        *cells(executor_columns(UNICODE), line).values(),
        *cells(queue_columns(UNICODE), Queue(EVIL)).values(),
        *cells(colony_columns(UNICODE), colony).values(),
        *cells(user_columns(), User(name=EVIL, email=EVIL, phone=EVIL)).values(),
        *cells(log_source_columns(UNICODE), LogSourceLine("", 0, "failed", EVIL, EVIL, None)).values(),
    ]
    assert all(cell.text.isprintable() and cell.tail.isprintable() for cell in found)
    assert any("[/red]" in cell.text for cell in found), "and what is printable is left as it is"
