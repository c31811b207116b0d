"""The journal: durable, private, and never a key in it."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from colonies_tui.store import journal as module
from colonies_tui.store.journal import FileJournal, MemoryJournal


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def entries(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="ascii").splitlines()]


def test_entries_are_appended_one_a_line(tmp_path: Path) -> None:
    path = tmp_path / "state" / "journal.jsonl"
    FileJournal(path).write(1_700_000_000.1234, {"outcome": "asked"})
    FileJournal(path).write(1_700_000_001.0, {"outcome": "done", "words": "å\x1b[31m\n\ud800"})
    assert entries(path) == [
        {"time": "2023-11-14T22:13:20.123Z", "outcome": "asked"},
        {"time": "2023-11-14T22:13:21.000Z", "outcome": "done", "words": "å\x1b[31m\n\ud800"},
    ]


def test_only_its_owner_can_read_it(tmp_path: Path) -> None:
    path = tmp_path / "state" / "journal.jsonl"
    FileJournal(path).write(0.0, {})
    assert mode(path) == 0o600
    assert mode(path.parent) == 0o700
    path.chmod(0o644)
    FileJournal(path).write(0.0, {})
    assert mode(path) == 0o600


def test_a_large_journal_gives_way_to_a_new_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ROTATE_BYTES", 100)
    path = tmp_path / "journal.jsonl"
    journal = FileJournal(path)
    for number in range(9):
        journal.write(0.0, {"number": number, "words": "x" * 30})
    old = path.with_name("journal.1.jsonl")
    assert [entry["number"] for entry in (*entries(old), *entries(path))] == [6, 7, 8]
    assert mode(old) == mode(path) == 0o600
    assert {file.name for file in tmp_path.iterdir()} == {"journal.jsonl", "journal.1.jsonl"}


def test_a_journal_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file where the directory should be")
    with pytest.raises(OSError, match="state"):
        FileJournal(tmp_path / "state" / "journal.jsonl").write(0.0, {})


def test_in_memory() -> None:
    journal = MemoryJournal()
    journal.write(5.0, {"outcome": "asked"})
    assert journal.entries == [{"time": 5.0, "outcome": "asked"}]
