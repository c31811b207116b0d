"""The command line itself: what it imports, its exit codes, and that it repeats no key."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from colonies_tui import __version__
from tests.cli.conftest import Run

KEY = "ddf7f7791208083b6a9ed975a72684f6406a269cfa36f1b1c32045c0a71fff05"

HEAVY = (
    "textual",
    "rich",
    "httpx",
    "websockets",
    "pydantic",
    "coincurve",
    "starlette",
    "uvicorn",
    "sqlite3",
    "asyncio",
    "pathlib",
    "shutil",
)


@pytest.mark.parametrize("option", ["--version", "--help"])
def test_version_and_help_import_nothing_heavy(option: str) -> None:
    program = (
        "import sys\nfrom colonies_tui.cli.main import main\n"
        f"code = main([{option!r}])\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])\nraise SystemExit(code)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


async def test_version(run: Run) -> None:
    done = await run("--version")
    assert (done.code, done.out, done.err) == (0, f"colonies-tui {__version__}\n", "")


@pytest.mark.parametrize(
    "arguments", [[], ["demo"], ["serve"], ["doctor"], ["call"], ["watch"], ["keys"], ["keys", "new"], ["keys", "list"]]
)
async def test_every_command_explains_itself(run: Run, arguments: list[str]) -> None:
    done = await run(*arguments, "--help")
    assert done.code == 0
    assert done.out.startswith("usage: colonies-tui")
    assert done.err == ""


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["--nonsense"],
        ["keys"],
        ["serve", "--port", "65536"],
        ["serve", "--port", "x"],
        ["demo", "--seed", "x"],
    ],
)
async def test_wrong_usage_ends_with_2_and_one_line(run: Run, arguments: list[str]) -> None:
    done = await run(*arguments)
    assert done.code == 2
    assert done.out == ""
    assert done.err.splitlines()[-1].startswith("colonies-tui")


@pytest.mark.parametrize(
    "arguments", [["keys", "id", KEY], ["doctor", KEY], [KEY], ["serve", "--port", KEY], ["demo", "--seed", KEY]]
)
async def test_a_key_where_none_belongs_is_not_repeated(run: Run, arguments: list[str]) -> None:
    done = await run(*arguments)
    assert done.code == 2
    assert KEY[:16] not in done.everything


async def test_the_console_says_that_it_needs_a_terminal(run: Run) -> None:
    done = await run()
    assert done.code == 2
    assert done.err == "colonies-tui: the console needs a terminal; for scripts there is: colonies-tui doctor --json\n"


async def test_the_demo_says_that_it_needs_a_terminal(run: Run) -> None:
    done = await run("demo")
    assert done.code == 2
    assert done.err == "colonies-tui: the demo needs a terminal; without one there is: colonies-tui serve\n"


@pytest.mark.parametrize("arguments", [[], ["doctor"], ["keys", "list"], ["--profile", "lab"]])
async def test_a_bad_keys_file_ends_with_2_and_names_file_and_line(
    run: Run, write_keys: Callable[[str], Path], arguments: list[str]
) -> None:
    path = write_keys(f'[profiles.lab]\nurl = "http://h"\ncolony = "dev"\nmember_key = "{KEY[:-1]}"\n')
    done = await run(*arguments)
    assert done.code == 2
    assert (
        f"{path}:4: profile lab: member_key: a private key is 64 hexadecimal characters; this one has 63 characters"
        in done.everything
    )
    assert KEY[:16] not in done.everything
    assert "Traceback" not in done.everything


async def test_a_bad_settings_file_ends_with_2(run: Run, home: Path) -> None:
    (home / "config" / "settings.toml").write_text("colour = 1\n")
    done = await run()
    assert done.code == 2
    assert done.err == (f'colonies-tui: {home / "config" / "settings.toml"}:1: there is no setting "colour"\n')


async def test_words_of_a_file_reach_the_terminal_as_text(run: Run, write_keys: Callable[[str], Path]) -> None:
    write_keys('[profiles.lab]\nurl = "\\u001b[2Jhttp"\ncolony = "dev"\n')
    done = await run("keys", "list")
    assert done.code == 2
    assert "\x1b" not in done.everything
