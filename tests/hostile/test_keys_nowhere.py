"""The installed command with three keys: neither they nor parts of them are in anything that it leaves or shows."""

from __future__ import annotations

import gzip
import os
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from colonies_tui.config.key_source import KeyCommand
from colonies_tui.protocol.crypto import PrivateKey
from colonies_tui.protocol.keyless_environment import without_keys
from tests.hostile.filling import HostileColony
from tests.hostile.server import HostileServer, hostile_server
from tests.test_pty import environment, members_of, terminal

__all__ = ["environment"]

VARIABLES = ("COLONIES_PRVKEY", "COLONIES_COLONY_PRVKEY", "COLONIES_SERVER_PRVKEY")
F9 = "\x1b[20~"

CRASH = """
import sys
from colonies_tui.ui.views import overview

def crash(self):
    keys = self.session.client.keys
    member, colony, server = keys.member, keys.colony, keys.server
    client, signature = self.session.client, member.sign("text")
    raise RuntimeError("the crash of the test")

overview.OverviewView.tick = crash
from colonies_tui.cli.main import main
sys.exit(main([]))
"""
"""A console that fails with everything that leads to its keys in the variables of the frame that fails."""


def parts_of(secret: str) -> list[bytes]:
    """Return what a key would be known by: pieces of its text in either case, its number, its bytes."""
    pieces = [secret[start : start + 12] for start in range(0, 64 - 12, 4)]
    texts = [text for piece in pieces for text in (piece, piece.upper())]
    return [*(text.encode() for text in texts), str(int(secret, 16)).encode(), bytes.fromhex(secret)[:12]]


def keys_in(content: bytes, secrets: list[str]) -> list[str]:
    """Return which keys, or parts of them, stand in something."""
    return [f"key {place}" for place, secret in enumerate(secrets) if any(part in content for part in parts_of(secret))]


def contents_of(directory: Path) -> dict[Path, bytes]:
    """Return everything that was left below a directory, unpacked where it is packed."""
    found = {path: path.read_bytes() for path in directory.rglob("*") if path.is_file()}
    return {path: gzip.decompress(raw) if raw.startswith(b"\x1f\x8b") else raw for path, raw in found.items()}


def command_lines(processes: list[int]) -> bytes:
    """Return what ``ps`` shows of some processes."""
    return b"\n".join(Path(f"/proc/{process}/cmdline").read_bytes() for process in processes)


def own_environment(environment: dict[str, str], server: HostileServer, secrets: list[str]) -> dict[str, str]:
    address = server.address
    return environment | {
        "COLONIES_SERVER_HOST": address.host,
        "COLONIES_SERVER_PORT": str(address.port),
        "COLONIES_TLS": "false",
        "COLONIES_COLONY_NAME": server.colony.name,
        **dict(zip(VARIABLES, secrets, strict=True)),
    }


def exists(directory: Path, suffix: str) -> bool:
    return any(found.suffix == suffix for found in directory.rglob("*"))


@pytest.fixture
def secrets() -> list[str]:
    return [PrivateKey.new().reveal() for _ in VARIABLES]


def test_a_key_is_found_where_one_is(secrets: list[str]) -> None:
    assert keys_in(f"x{secrets[1]}x".encode(), secrets) == ["key 1"]
    assert keys_in(secrets[2][20:40].upper().encode(), secrets) == ["key 2"]
    assert keys_in(bytes.fromhex(secrets[0]), secrets) == ["key 0"]


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="reads what ps shows from /proc")
@pytest.mark.timeout(180)
async def test_no_key_in_journal_recording_log_pictures_lists_or_process_table(
    environment: dict[str, str], tmp_path: Path, secrets: list[str]
) -> None:
    place = tmp_path / "here"
    place.mkdir()
    async with hostile_server(HostileColony(time.time(), name="dev")) as server:
        server.refuses_changes = True
        async with terminal(own_environment(environment, server, secrets), directory=place) as shown:
            await shown.until_shows("Queues", "Ŋ")
            shown.press(F9)
            await shown.until_shows("ecord")
            shown.press("4")
            await shown.until_shows("Executors ·")
            shown.press("a")
            await shown.until_shows("Signed with")
            shown.press("y")
            await shown.until(lambda: any("approve" in str(asked["msgtype"]) for asked in server.asked))
            for command, part, words in (
                ("Save screen", ".svg", "as a picture"),
                ("screen as text", ".txt", "Write what this"),
            ):
                shown.press(":")
                await shown.until_shows("Search for commands")
                shown.press(command)
                # What the first letters alone found is gone: the first hit is the one that is meant.
                await shown.until(lambda words=words: words in shown.text and "Help" not in shown.text)  # type: ignore[misc]
                shown.press("\r")
                await shown.until(partial(exists, tmp_path, part))
            commands = command_lines(members_of(shown.process.pid))
            assert b"colonies-tui" in commands
            shown.press("\x11")
            assert await shown.ended() == 0
        assert keys_in(commands, secrets) == []
        assert keys_in(bytes(shown.output), secrets) == []
    left = contents_of(tmp_path)
    assert {"journal.jsonl", "tabs.json"} <= {path.name for path in left}
    assert {".svg", ".txt", ".ctrec"} <= {path.suffix for path in left}
    assert {path.name: found for path, content in left.items() if (found := keys_in(content, secrets))} == {}


@pytest.mark.timeout(180)
async def test_no_key_in_what_a_crash_prints(environment: dict[str, str], tmp_path: Path, secrets: list[str]) -> None:
    async with hostile_server(HostileColony(time.time(), name="dev")) as server:
        own = own_environment(environment, server, secrets)
        async with terminal(own, command=(sys.executable, "-c", CRASH), directory=tmp_path) as shown:
            await shown.ended()
            await shown.until(lambda: b"the crash of the test" in shown.output)
            assert b"PrivateKey" in shown.output, "the variables of the frame are printed"
    assert keys_in(bytes(shown.output), secrets) == []
    assert {
        path.name: found for path, content in contents_of(tmp_path).items() if (found := keys_in(content, secrets))
    } == {}


def test_what_is_started_gets_no_keys(secrets: list[str], tmp_path: Path) -> None:
    shown = tmp_path / "environment"
    script = f"import os; open({str(shown)!r}, 'w').write(repr(dict(os.environ))); print({secrets[0]!r})"
    env = {**os.environ, **dict(zip(VARIABLES, secrets, strict=True)), "LAB_KEY": secrets[1], "KEPT": "kept"}
    key = KeyCommand((sys.executable, "-c", script)).fetch(env)
    assert key.identity == PrivateKey(secrets[0]).identity
    assert "'KEPT': 'kept'" in shown.read_text()
    assert keys_in(shown.read_bytes(), secrets) == []
    assert keys_in(repr(without_keys({**env, "TWO": f"{secrets[1]},{secrets[2]}"})).encode(), secrets) == []
