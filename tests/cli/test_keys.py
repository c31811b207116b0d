"""``keys new``, ``keys id`` and ``keys list``."""

from __future__ import annotations

import asyncio
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from colonies_tui.config.encrypted_key import decrypt_key
from colonies_tui.protocol.crypto import PrivateKey
from tests.cli.conftest import Run
from tests.cli.terminal import terminal

KEY = "ddf7f7791208083b6a9ed975a72684f6406a269cfa36f1b1c32045c0a71fff05"
IDENTITY = "3fc05cf3df4b494e95d6a3d297a34f19938f7daa7422ab0d4f794454133341ac"


async def test_a_new_key_is_printed_with_its_identity_in_the_form_of_a_key_file(run: Run) -> None:
    done = await run("keys", "new")
    assert done.code == 0
    comment, key = done.out.splitlines()
    assert comment == f"# identity {PrivateKey(key).identity}"
    again = await run("keys", "new")
    assert again.out != done.out


async def test_a_new_key_goes_into_a_private_file_and_only_its_identity_is_printed(run: Run, home: Path) -> None:
    path = home / "member.key"
    done = await run("keys", "new", "--out", str(path))
    assert done.code == 0
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    key = PrivateKey(path.read_text().splitlines()[-1])
    assert done.everything == f"{key.identity}\n"
    assert key.reveal() not in done.everything


async def test_a_new_key_never_replaces_a_file(run: Run, home: Path) -> None:
    path = home / "member.key"
    path.write_text("mine")
    done = await run("keys", "new", "--out", str(path))
    assert done.code == 2
    assert done.err == f"colonies-tui: {path}: exists already and is not overwritten\n"
    assert path.read_text() == "mine"


@pytest.mark.parametrize("text", [KEY, f"{KEY}\n", f"  {KEY.upper()}  \n", f"# mine\n\n{KEY}\n"])
async def test_the_identity_of_a_key_on_standard_input(run: Run, text: str) -> None:
    done = await run("keys", "id", stdin=text)
    assert (done.code, done.out, done.err) == (0, f"{IDENTITY}\n", "")


@pytest.mark.parametrize("text", ["", "\n", KEY[:-1], KEY + "0", "z" * 64, "0" * 64, f"member_key = {KEY}"])
async def test_what_is_not_a_key_ends_with_1_and_is_not_repeated(run: Run, text: str) -> None:
    done = await run("keys", "id", stdin=text)
    assert done.code == 1
    assert done.out == ""
    assert done.err.startswith("colonies-tui: standard input: ")
    assert KEY[:16] not in done.err


async def test_nothing_to_list(run: Run, home: Path) -> None:
    done = await run("keys", "list")
    assert done.code == 0
    assert str(home / "config" / "keys.toml") in done.out


FILE = f"""
default = "lab"
[profiles.lab]
url = "http://127.0.0.1:50080"
colony = "dev"
member_key = "{KEY}"
colony_key_file = "absent.key"
server_key_command = ["false", "{KEY}"]
[profiles.prod]
url = "https://colonies.example.org"
colony = "factory"
member_key_env = "PROD_KEY"
production = true
read_only = true
"""


async def test_profiles_are_listed_with_identities_and_never_a_key(run: Run, write_keys: Callable[[str], Path]) -> None:
    write_keys(FILE)
    done = await run("keys", "list", env={"PROD_KEY": KEY})
    assert done.code == 0
    assert [line.split() for line in done.out.splitlines()] == [
        ["PROFILE", "SERVER", "COLONY", "MEMBER", "COLONY", "OWNER", "SERVER", "OWNER"],
        [
            "*",
            "lab",
            "http://127.0.0.1:50080",
            "dev",
            "3fc05cf3",
            "inline",
            *["missing:", "file"],
            str(write_keys(FILE).parent / "absent.key"),
            *["by", "command", "false"],
        ],
        [
            "prod",
            "https://colonies.example.org:443",
            "factory",
            "3fc05cf3",
            "variable",
            "–",
            "–",
            "production,",
            "read-only",
        ],
    ]
    assert KEY[:16] not in done.everything


async def test_the_environment_is_a_profile_too_and_is_the_one_in_use(
    run: Run, write_keys: Callable[[str], Path]
) -> None:
    write_keys(FILE)
    variables = {"COLONIES_SERVER_HOST": "h", "COLONIES_COLONY_NAME": "c", "COLONIES_PRVKEY": KEY}
    rows = (await run("keys", "list", env=variables)).out.splitlines()
    assert [line.split()[:2] for line in rows[1:3]] == [["*", "environment"], ["lab", "http://127.0.0.1:50080"]]
    rows = (await run("keys", "list", "--profile", "prod", env=variables)).out.splitlines()
    assert [line.split()[:2] for line in rows[1:]] == [["*", "prod"]]


async def test_a_profile_that_is_not_there(run: Run, write_keys: Callable[[str], Path]) -> None:
    path = write_keys(FILE)
    done = await run("--profile", "pord", "keys", "list")
    assert done.code == 2
    assert done.err == f'colonies-tui: {path}: there is no profile "pord"; did you mean "prod"?\n'


async def test_a_key_is_encrypted_on_a_terminal_and_listed_without_the_pass_phrase(
    run: Run, home: Path, environment: dict[str, str], write_keys: Callable[[str], Path]
) -> None:
    plain, out = home / "member.key", home / "config" / "lab.key"
    plain.write_text(f"{KEY}\n")
    plain.chmod(0o600)

    def operate() -> str:
        with terminal(environment, "keys", "encrypt", "--from", str(plain), "--out", str(out)) as asked:
            for question in ("new pass phrase", "once more"):
                asked.wait_for(lambda text, question=question: question in text)  # type: ignore[misc]  # bound now
                asked.press(b"correct horse\n")
            assert asked.wait() == 0
            return "\n".join(asked.screen.display)

    shown = await asyncio.to_thread(operate)
    assert IDENTITY in shown
    assert "horse" not in shown
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert decrypt_key(out.read_bytes(), "correct horse").reveal() == KEY
    write_keys('[profiles.lab]\nurl = "http://127.0.0.1:1"\ncolony = "dev"\nmember_key_encrypted = "lab.key"\n')
    done = await run("keys", "list")
    assert f"{IDENTITY[:8]} encrypted" in done.out


async def test_without_a_terminal_nothing_is_encrypted(run: Run, home: Path) -> None:
    out = home / "lab.key"
    done = await run("keys", "encrypt", "--out", str(out), stdin=KEY)
    assert done.code == 2
    assert "--from" in done.err
    assert KEY not in done.everything
    assert not out.exists()
