"""The first start, and the words that tell how to connect."""

from __future__ import annotations

import shlex
import subprocess
from pathlib import Path

import pytest

from colonies_tui.localserver.bootstrap import IDENTITIES_FILE, Identities, ensure_identities, environment_lines
from colonies_tui.localserver.database import DatabaseUnusable
from colonies_tui.localserver.run import Started
from colonies_tui.localserver.server import LocalServer
from colonies_tui.localserver.settings import FirstIdentities, ServerSettings
from colonies_tui.protocol.address import ServerAddress
from colonies_tui.protocol.crypto import PrivateKey

ADDRESS = ServerAddress("127.0.0.1", 50080, tls=False)


async def start(data: Path, identities: FirstIdentities | None = None) -> Identities:
    server = LocalServer(ServerSettings(data=str(data), identities=identities or FirstIdentities()))
    try:
        return await ensure_identities(server)
    finally:
        server.close()


async def test_a_second_start_finds_the_identities_of_the_first(tmp_path: Path) -> None:
    first = await start(tmp_path)
    assert await start(tmp_path) == first
    assert len({first.server_key, first.colony_key, first.user_key}) == 3


async def test_other_keys_in_the_environment_do_not_replace_those_that_are_kept(tmp_path: Path) -> None:
    first = await start(tmp_path)
    assert not first.keeps_other_keys_than(FirstIdentities(server_key=first.server_key))
    wished = FirstIdentities(user_key=PrivateKey.new())
    again = await start(tmp_path, wished)
    assert again == first
    settings = ServerSettings(data=str(tmp_path), identities=wished)
    started = Started(ADDRESS, again, settings)
    assert started.keeps_other_keys
    assert "other keys" in started.words()


async def test_lost_or_damaged_keys_are_said_so(tmp_path: Path) -> None:
    first = await start(tmp_path)
    path = tmp_path / IDENTITIES_FILE
    for damage in ("{", "[]", "{}", path.read_text().replace(first.user_key.reveal(), "x")):
        path.write_text(damage)
        with pytest.raises(DatabaseUnusable, match="damaged"):
            await start(tmp_path)
    path.unlink()
    with pytest.raises(DatabaseUnusable, match="missing"):
        await start(tmp_path)


async def test_a_start_that_was_interrupted_before_the_database_knew_goes_on_with_the_same_keys(tmp_path: Path) -> None:
    first = await start(tmp_path / "a")
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / IDENTITIES_FILE).write_text((tmp_path / "a" / IDENTITIES_FILE).read_text())
    assert await start(tmp_path / "b") == first


def test_the_printed_lines_are_what_a_shell_understands() -> None:
    name = "it's $HOME; `x`"
    identities = Identities(PrivateKey.new(), name, PrivateKey.new(), "operator", PrivateKey.new())
    lines = environment_lines(ADDRESS, identities)
    script = f"{lines}\nenv"
    printed = subprocess.run(["sh", "-c", script], env={}, capture_output=True, text=True, check=True).stdout
    variables = dict(line.split("=", 1) for line in printed.splitlines() if "=" in line)
    assert variables["COLONIES_COLONY_NAME"] == name
    assert variables["COLONIES_SERVER_HOST"] == "127.0.0.1"
    assert variables["COLONIES_SERVER_PORT"] == variables["COLONIES_SERVER_HTTP_PORT"] == "50080"
    assert variables["COLONIES_TLS"] == "false"
    for variable, key in (
        ("PRVKEY", identities.user_key),
        ("COLONY_PRVKEY", identities.colony_key),
        ("SERVER_PRVKEY", identities.server_key),
    ):
        assert variables[f"COLONIES_{variable}"] == key.reveal()
        assert variables[f"COLONIES_{variable.replace('PRVKEY', 'ID')}"] == key.identity
    assert all(shlex.split(line)[0] == "export" for line in lines.splitlines())


async def test_the_words_hold_no_key(tmp_path: Path) -> None:
    identities = await start(tmp_path)
    words = Started(ADDRESS, identities, ServerSettings(data=str(tmp_path))).words()
    assert "http://127.0.0.1:50080" in words
    assert str(tmp_path) in words
    for key in (identities.server_key, identities.colony_key, identities.user_key):
        assert key.reveal() not in words
        assert key.reveal() not in repr(identities)
    assert "nothing is kept" in Started(ADDRESS, identities, ServerSettings()).words()
