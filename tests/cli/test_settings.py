"""``colonies-tui settings`` and what the doctor says about the settings."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from colonies_tui.ui.key_table import known_keys
from tests.cli.conftest import Run


def write(home: Path, text: str) -> None:
    (home / "config" / "settings.toml").write_text(text)


async def test_what_is_shown_could_stand_in_the_file(home: Path, invoke: Run) -> None:
    done = await invoke("settings")
    assert done.code == 0
    assert "which is not there" in done.out.splitlines()[0]
    assert tomllib.loads(done.out)["theme"] == "colonies-dark"
    write(home, 'ascii = true\nvisible_seconds = 2\n[keys]\nlog.follow = "ctrl+f"\n')
    done = await invoke("settings")
    assert "ascii = true  # usually false" in done.out
    shown = tomllib.loads(done.out)
    assert (shown["ascii"], shown["visible_seconds"], shown["keys"]) == (True, 2, {"log.follow": "ctrl+f"})


async def test_every_key_is_listed_as_the_file_could_say_it(home: Path, invoke: Run) -> None:
    write(home, '[keys]\nlog.follow = "ctrl+f"\n')
    done = await invoke("settings", "--keys")
    assert done.code == 0
    listed = tomllib.loads(done.out)
    assert set(listed) == set(known_keys())
    assert listed["log.follow"] == "ctrl+f"
    assert listed["table.down"] == "j,down"
    assert "# follow (usually f)" in next(line for line in done.out.splitlines() if '"log.follow"' in line)


async def test_a_wrong_file_is_said_with_its_line(home: Path, invoke: Run) -> None:
    write(home, "\n[keys]\nlog.follow = 1\n")
    done = await invoke("settings")
    assert done.code == 2
    assert 'settings.toml:3: keys for "log.follow" are a number; they should be a text' in done.err


@pytest.mark.parametrize(
    ("text", "outcomes"),
    [
        ("", [("settings", "good", "is understood")]),
        ("ascii = 1\n", [("settings", "bad", ":1: ascii is a number")]),
        ('theme = "drak"\n', [("settings", "bad", 'no theme "drak"'), ("settings", "good", "is understood")]),
        (
            '[keys]\n"processes.cancl" = "x"\ncrons.remove = "ctrl+d"\n',
            [
                ("settings", "good", "other keys for 1 of"),
                ("keys", "bad", ':2: nothing is called "processes.cancl"; did you mean "processes.cancel"?'),
                ("keys", "neutral", 'ctrl-d does both "table.half-page-down"'),
                ("keys", "neutral", '"crons.remove" (remove) is on ctrl+d'),
            ],
        ),
    ],
)
async def test_the_doctor_looks_at_the_settings(
    home: Path, invoke: Run, text: str, outcomes: list[tuple[str, str, str]]
) -> None:
    write(home, text)
    checks = json.loads((await invoke("doctor", "--json")).out)["checks"]
    for what, outcome, words in outcomes:
        found = [check for check in checks if check["what"] == what and check["outcome"] == outcome]
        assert any(words in check["words"] for check in found), (what, words, checks)
    assert sum(check["outcome"] == "bad" and check["what"] in ("settings", "keys") for check in checks) == sum(
        outcome == "bad" for _, outcome, _ in outcomes
    )
