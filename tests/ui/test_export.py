"""Lists as CSV and JSON: values and not their looks, nothing changed, nothing overwritten."""

from __future__ import annotations

import csv
import io
import json
import os
import stat
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from colonies_tui.protocol.states import ProcessState
from colonies_tui.ui.cell import Cell
from colonies_tui.ui.export import Records, moment, records, to_csv, to_json, write_new
from colonies_tui.ui.format.glyphs import ASCII, UNICODE
from colonies_tui.ui.table_layout import Column, with_values
from colonies_tui.ui.tables.blueprints import blueprint_columns
from colonies_tui.ui.tables.colonies import colony_columns, location_columns, user_columns
from colonies_tui.ui.tables.crons import cron_columns
from colonies_tui.ui.tables.executors import executor_columns
from colonies_tui.ui.tables.failures import failure_columns
from colonies_tui.ui.tables.files import file_data_columns, label_columns, snapshot_columns
from colonies_tui.ui.tables.functions import function_columns
from colonies_tui.ui.tables.generators import generator_columns
from colonies_tui.ui.tables.graph_levels import level_columns
from colonies_tui.ui.tables.journal import journal_columns
from colonies_tui.ui.tables.log_hits import hit_columns
from colonies_tui.ui.tables.log_sources import log_source_columns
from colonies_tui.ui.tables.processes import process_columns
from colonies_tui.ui.tables.queues import queue_columns
from colonies_tui.ui.tables.workflows import workflow_columns
from tests.ui.rows import EVIL, NOW, executor_line, name_of, process_row

TEXTS = st.text(alphabet=st.characters(codec="utf-8"))

ALL_COLUMNS: dict[str, list[Column[Any]]] = {
    "processes": process_columns(name_of, ASCII),
    "failures": failure_columns(name_of, ASCII),
    "executors": executor_columns(ASCII),
    "crons": cron_columns(ASCII),
    "generators": generator_columns(ASCII),
    "workflows": workflow_columns(ASCII),
    "functions": function_columns(ASCII, lambda: 1.0),
    "blueprints": blueprint_columns(ASCII),
    "colonies": colony_columns(ASCII),
    "users": user_columns(),
    "locations": location_columns(),
    "labels": label_columns(),
    "files": file_data_columns(),
    "snapshots": snapshot_columns(),
    "queues": queue_columns(ASCII),
    "hits": hit_columns("x"),
    "sources": log_source_columns(ASCII),
    "levels": level_columns(ASCII),
    "journal": journal_columns(ASCII),
}


def test_a_process_is_exported_with_its_originals() -> None:
    row = process_row(ProcessState.FAILED, error=f"{EVIL}\n=1+1", funcname=EVIL)
    found = records(process_columns(name_of, UNICODE), [row], NOW)
    values = dict(zip(found.names, found.rows[0], strict=True))
    assert values["state"] == "failed"
    assert values["function"] == EVIL
    assert values["error"] == f"{EVIL}\n=1+1"
    assert values["id"] == row.processid
    assert values["executor"] == "worker-1"
    assert (values["waited"], values["ran"]) == (40.0, 40.0)
    assert values["since"] == datetime.fromtimestamp(NOW - 20, UTC)
    assert "glyph" not in values


def test_in_ascii_an_export_says_the_same() -> None:
    row = process_row(ProcessState.RUNNING)
    assert records(process_columns(name_of, ASCII), [row], NOW) == records(
        process_columns(name_of, UNICODE), [row], NOW
    )


def test_an_executor_is_exported_with_numbers_and_lists() -> None:
    line = executor_line(running=(("render", NOW - 5), ("fetch", NOW - 3)), succeeded=812, failed=3)
    found = records(executor_columns(UNICODE), [line], NOW)
    (row,) = json.loads(to_json(found))
    assert row["running"] == ["render", "fetch"]
    assert row["record"] == "812/3"
    assert row["heard"].endswith("Z")
    assert row["id"] == "e" * 64


@pytest.mark.parametrize("name", ALL_COLUMNS)
def test_every_column_with_a_title_says_what_it_stands_for(name: str) -> None:
    columns = ALL_COLUMNS[name]
    drawn = {"condition", "word"}  # words of ours, drawn as they are
    assert all(column.value is not None for column in columns if column.title and column.key not in drawn)


def test_a_column_without_a_value_gives_its_text() -> None:
    column: Column[int] = Column("n", "number", lambda row, now: Cell(str(row), tail=" of 3"))
    assert records([column], [1, 2], NOW) == Records(("n",), (("1 of 3",), ("2 of 3",)))


def test_values_of_columns_that_are_not_there_are_an_error() -> None:
    column: Column[int] = Column("n", "number", lambda row, now: Cell(""))
    with pytest.raises(KeyError, match="m"):
        with_values([column], {"m": lambda row, now: row})


@given(st.lists(st.tuples(TEXTS, TEXTS)))
def test_csv_gives_every_text_back(rows: list[tuple[str, str]]) -> None:
    text = to_csv(Records(("one", "=two"), tuple(rows)))
    assert list(csv.reader(io.StringIO(text, newline=""), strict=True)) == [["one", "=two"], *map(list, rows)]
    if rows:
        assert text.splitlines()[1].startswith('"'), "quoted, whatever it begins with"


@given(st.lists(st.tuples(st.text(), st.none() | st.booleans() | st.integers() | st.floats() | st.lists(st.text()))))
def test_json_is_json(rows: list[tuple[str, bool | int | float | list[str] | None]]) -> None:
    text = to_json(Records(("name", "value"), tuple(rows)))
    back = json.loads(text.encode("utf-8", "backslashreplace"))
    assert [row["name"] for row in back] == [name for name, _ in rows]
    for (_, value), row in zip(rows, back, strict=True):
        assert row["value"] == value or (isinstance(value, float) and row["value"] is None)


def test_csv_has_numbers_times_and_nothing() -> None:
    when = datetime(2026, 2, 11, 14, 5, 6, tzinfo=UTC)
    row = (None, True, 3, 0.5, float("nan"), when, ["a", "b"])
    text = to_csv(Records(tuple("abcdefg"), (row,)))
    assert text.splitlines()[1] == '"","true",3,0.5,"","2026-02-11T14:05:06Z","a b"'


def test_no_row_is_an_empty_list() -> None:
    assert to_json(Records(("a",), ())) == "[]\n"
    assert to_csv(Records(("a",), ())) == '"a"\n'


def test_times_that_no_calendar_holds_are_none() -> None:
    assert moment(None) is None
    assert moment(1e30) is None
    assert moment(float("nan")) is None
    assert moment(0.0) == datetime(1970, 1, 1, tzinfo=UTC)


def test_a_file_is_new_whole_and_private(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    write_new(path, "one\ntwo \ud800\n")
    assert path.read_bytes() == b"one\ntwo \\ud800\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert os.listdir(tmp_path) == ["list.csv"]


@pytest.mark.parametrize("has_links", [True, False])
def test_what_is_there_is_never_overwritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, has_links: bool
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    if not has_links:
        monkeypatch.setattr(os, "link", refuse)
    path = tmp_path / "list.csv"
    write_new(path, "mine")
    for place in (path, tmp_path / "dangling"):
        if place != path:
            place.symlink_to(tmp_path / "nowhere")
        if has_links or place == path:
            with pytest.raises(FileExistsError):
                write_new(place, "other")
    assert path.read_text() == "mine"
    assert not (tmp_path / "nowhere").exists()
    assert sorted(os.listdir(tmp_path)) == ["dangling", "list.csv"]


def test_a_directory_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write_new(tmp_path / "no" / "list.csv", "text")
