"""Reading the journal: pairs, what never ended, what is no entry, and never more than was asked for."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from colonies_tui.store import journal_reading as module
from colonies_tui.store.journal import FileJournal, writer
from colonies_tui.store.journal_reading import UNDER_WAY, UNKNOWN_WORDS, JournalPage, page_of, read_journal

NOW = 1_700_000_000.0


def asked(entry_id: str, at: float = NOW, **more: Any) -> dict[str, Any]:
    return {"time": at, "id": entry_id, "outcome": "asked", "verb": "cancel", **more}


def ended(entry_id: str, outcome: str = "done", at: float = NOW + 1, **more: Any) -> dict[str, Any]:
    return {"time": at, "id": entry_id, "outcome": outcome, "words": f"{entry_id} {outcome}", "seconds": 1.0, **more}


def page(*entries: dict[str, Any] | None, count: int = 100, now: float = NOW) -> JournalPage:
    return page_of(reversed(entries), count, now)


def outcomes(read: JournalPage) -> list[tuple[str, str]]:
    return [(action.id, action.outcome) for action in read.actions]


def write(path: Path, *entries: dict[str, Any]) -> None:
    journal = FileJournal(path)
    for entry in entries:
        journal.write(entry["time"], {key: value for key, value in entry.items() if key != "time"})


def test_ends_are_given_to_their_beginnings_in_the_order_of_the_beginnings() -> None:
    read = page(asked("a"), asked("b"), ended("b", "refused"), ended("a"), asked("c"), ended("c", "not sent"))
    assert outcomes(read) == [("a", "done"), ("b", "refused"), ("c", "not sent")]
    assert not read.has_older


def test_what_has_no_end_is_unknown() -> None:
    (action,) = page(asked("a", at=NOW - 1)).actions
    assert (action.outcome, action.words, action.seconds) == ("unknown", UNKNOWN_WORDS, None)


def test_what_was_asked_just_now_by_a_program_that_runs_is_under_way() -> None:
    entry = asked("a", at=NOW - 1, **writer())
    assert outcomes(page(entry)) == [("a", UNDER_WAY)]
    assert outcomes(page(entry, now=NOW + module.UNDER_WAY_SECONDS)) == [("a", "unknown")]
    assert outcomes(page({**entry, "host": "elsewhere"})) == [("a", "unknown")]
    assert outcomes(page({**entry, "request": {"timeout": 600}}, now=NOW + 500)) == [("a", UNDER_WAY)]
    over = subprocess.Popen([sys.executable, "-c", ""])
    assert over.wait(60) == 0
    assert outcomes(page({**entry, "pid": over.pid})) == [("a", "unknown")]


@pytest.mark.parametrize("pid", [0, -1, True, "1", None, 2**70])
def test_a_process_number_that_is_none_is_of_no_process(pid: object) -> None:
    assert outcomes(page({**asked("a"), **writer(), "pid": pid})) == [("a", "unknown")]


def test_an_end_whose_beginning_is_gone_stands_first_and_keeps_its_time() -> None:
    read = page(ended("lost", at=NOW + 3), asked("a"), ended("a"))
    assert outcomes(read) == [("lost", "done"), ("a", "done")]
    assert read.actions[0].at == NOW + 2


def test_entries_of_earlier_versions_are_paired_by_what_they_share() -> None:
    old = {"profile": "prod", "server": "s", "verb": "run", "signer": "x", "target": {"id": "1"}, "request": {"a": 1}}
    other = {**old, "request": {"a": 2}}
    read = page(
        {**old, "time": NOW, "outcome": "asked"},
        {**other, "time": NOW, "outcome": "asked"},
        {**old, "time": NOW + 1, "outcome": "refused", "words": "first"},
        {**old, "time": NOW + 2, "outcome": "asked"},
        {**old, "time": NOW + 3, "outcome": "done", "words": "second"},
    )
    assert [(action.outcome, action.words) for action in read.actions] == [
        ("refused", "first"),
        ("unknown", UNKNOWN_WORDS),
        ("done", "second"),
    ]
    assert len({action.id for action in read.actions}) == 3


def test_only_the_newest_are_read() -> None:
    entries = [entry for number in range(10) for entry in (asked(str(number)), ended(str(number)))]
    read = page(*entries, count=3)
    assert (outcomes(read), read.has_older) == ([("7", "done"), ("8", "done"), ("9", "done")], True)
    assert not page(*entries, count=10).has_older


GARBAGE = [
    b"no json",
    b'{"time":"2023-11-14T22:1',
    b"[1]",
    b'"asked"',
    b"{}",
    b'{"outcome":1}',
    b'{"outcome":"perhaps"}',
    b"\xff\xfe\x00",
    b"[" * 100_000,
]


def test_lines_that_are_no_entries_are_counted_and_left_out(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    write(path, asked("a"), ended("a"))
    whole = path.read_bytes()
    path.write_bytes(b"\n".join([*GARBAGE, b"", whole.strip(), b'{"torn":']))
    read = read_journal(path, 10, NOW)
    assert (outcomes(read), read.skipped) == ([("a", "done")], len(GARBAGE) + 1)


def test_wrong_values_in_an_entry_are_as_if_they_were_not_there(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    entry = {"outcome": "asked", "id": 5, "time": [], "verb": {}, "target": [1], "request": 7, "profile": None}
    path.write_text(json.dumps(entry) + "\n" + '{"outcome":"done","id":"x","time":"never","seconds":1e999}\n')
    first, second = read_journal(path, 10, NOW).actions
    for action in (first, second):
        assert (action.verb, action.target, action.request, action.seconds) == ("", {}, {}, None)


def test_both_files_are_read_and_none_need_be_there(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    assert read_journal(path, 10, NOW) == JournalPage()
    assert module.version_of(path) is None
    write(path, asked("a"), ended("a"), asked("b"))
    path.rename(path.with_name("journal.1.jsonl"))
    assert outcomes(read_journal(path, 10, NOW)) == [("a", "done"), ("b", "unknown")]
    write(path, ended("b"), asked("c"))
    assert outcomes(read_journal(path, 10, NOW)) == [("a", "done"), ("b", "done"), ("c", "unknown")]
    read = read_journal(path, 1, NOW)
    assert (outcomes(read), read.has_older) == ([("c", "unknown")], True)


def test_a_journal_that_cannot_be_read_says_so(tmp_path: Path) -> None:
    (tmp_path / "journal.jsonl").mkdir()
    with pytest.raises(IsADirectoryError):
        read_journal(tmp_path / "journal.jsonl", 10, NOW)


def test_a_new_entry_is_a_new_version(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    write(path, asked("a"))
    before = module.version_of(path)
    assert module.version_of(path) == before
    write(path, ended("a"))
    assert module.version_of(path) != before


@settings(max_examples=60, deadline=None)
@given(
    lines=st.lists(st.binary(max_size=40).map(lambda line: line.replace(b"\n", b"")), max_size=40),
    ends=st.booleans(),
    chunk=st.integers(1, 50),
)
def test_lines_come_backwards_whatever_the_chunks(
    lines: Sequence[bytes], ends: bool, chunk: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / f"lines-{os.getpid()}"
    path.write_bytes(b"\n".join(lines) + (b"\n" if ends else b""))
    with pytest.MonkeyPatch.context() as patch, path.open("rb") as file:
        patch.setattr(module, "_CHUNK", chunk)
        assert list(module._lines_backwards(file)) == [line for line in reversed(lines) if line]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abcde"), st.sampled_from(["asked", "done", "refused"])), max_size=30))
def test_every_beginning_is_one_action_and_no_end_is_used_twice(steps: Sequence[tuple[str, str]]) -> None:
    entries = [asked(name) if what == "asked" else ended(name, what) for name, what in steps]
    read = page(*entries)
    begun = sum(what == "asked" for _, what in steps)
    assert sum(action.outcome != "unknown" for action in read.actions) == len(steps) - begun
    assert len(read.actions) >= begun
    assert len({action.id for action in read.actions}) == len(read.actions)
