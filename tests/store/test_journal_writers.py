"""The journal with several writers, killed writers, and a lock that nobody gives back."""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from colonies_tui.protocol.crypto import PrivateKey
from colonies_tui.protocol.keyring import Keyring
from colonies_tui.store import journal as module
from colonies_tui.store.journal import FileJournal, MemoryJournal, without_secrets

WRITE_MANY = """
import sys
from pathlib import Path
from colonies_tui.store import journal
journal.ROTATE_BYTES = int(sys.argv[2])
file = journal.FileJournal(Path(sys.argv[1]))
for number in range(60):
    file.write(0.0, {"outcome": "asked", "id": f"{sys.argv[3]} {number}", "words": "x" * 200})
"""


def test_two_consoles_lose_no_line_when_it_gives_way(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    half = 240 * 280 // 2  # of what is written: it gives way once, and not a second time
    writers = [subprocess.Popen([sys.executable, "-c", WRITE_MANY, str(path), str(half), name]) for name in "abcd"]
    assert [writer.wait(60) for writer in writers] == [0, 0, 0, 0]
    older = path.with_name("journal.1.jsonl")
    lines = [json.loads(line) for file in (older, path) for line in file.read_bytes().splitlines()]
    assert sorted(line["id"] for line in lines) == sorted(f"{name} {number}" for name in "abcd" for number in range(60))


def test_what_a_killed_writer_left_does_not_spoil_the_next_line(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    path.write_text('{"time":"2023-11-14T22:13:20.123Z","outco')
    FileJournal(path).write(0.0, {"outcome": "asked", "id": "next"})
    torn, line = path.read_text().splitlines()
    assert torn.endswith("outco")
    assert json.loads(line)["id"] == "next"


def test_a_lock_that_is_kept_refuses_the_entry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LOCK_SECONDS", 0.0)
    path = tmp_path / "journal.jsonl"
    journal = FileJournal(path)
    journal.write(0.0, {"outcome": "asked"})
    before = path.read_bytes()
    holder = os.open(path, os.O_RDWR)
    fcntl.flock(holder, fcntl.LOCK_EX)
    with pytest.raises(OSError, match="another program keeps the journal locked"):
        journal.write(0.0, {"outcome": "done"})
    os.close(holder)
    assert path.read_bytes() == before
    journal.write(0.0, {"outcome": "done"})


def test_secrets_and_private_keys_are_struck_out_wherever_they_stand() -> None:
    keys = Keyring(member=PrivateKey.new(), colony=PrivateKey.new())
    assert keys.member
    assert keys.colony
    member, colony = keys.member.reveal(), keys.colony.reveal()
    entry = {
        "env": {"COLONIES_PRVKEY": member.upper(), f"x{colony}": 1},
        "args": ["--key=" + colony, keys.member.identity],
        "accesskey": "a",
        "secretkey": "",
    }
    assert without_secrets(entry, keys) == {
        "env": {"COLONIES_PRVKEY": "(not written down)", "x(not written down)": 1},
        "args": ["--key=(not written down)", keys.member.identity],
        "accesskey": "(not written down)",
        "secretkey": "",
    }


def test_a_journal_in_memory_is_read_the_same_way() -> None:
    journal = MemoryJournal()
    before = journal.version()
    journal.write(5.0, {"id": "a", "outcome": "asked", "verb": "run"})
    journal.write(6.0, {"id": "a", "outcome": "done", "words": "ran", "seconds": 1.0})
    (action,) = journal.read(10, 7.0).actions
    assert (action.at, action.outcome, action.words, action.verb) == (5.0, "done", "ran", "run")
    assert journal.version() != before
