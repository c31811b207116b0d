"""The bytes by which the installed command asks a real terminal for a notification."""

from __future__ import annotations

from pathlib import Path

import pytest

from colonies_tui.client.client import ColoniesClient
from colonies_tui.protocol.address import ServerAddress
from colonies_tui.protocol.crypto import PrivateKey
from colonies_tui.protocol.keyring import Keyring
from colonies_tui.protocol.models.process import Conditions, FunctionSpec
from tests.test_pty import environment, served, terminal

__all__ = ["environment"]

HOSTILE = "train\x07\x1b]0;owned\x07\x9c;x"


def write_settings(environment: dict[str, str], text: str) -> None:
    config = Path(environment["COLONIES_TUI_CONFIG_DIR"])
    config.mkdir()
    (config / "settings.toml").write_text(text)


@pytest.mark.parametrize(
    ("kind", "begins", "words"),
    [
        ("osc9", b"\x1b]9;colonies: ", "train␇␛]0;owned␇�;x was cancelled"),
        ("osc777", b"\x1b]777;notify;colonies;", "train␇␛]0,owned␇�,x was cancelled"),
    ],
)
async def test_a_notification_is_one_sequence_with_nothing_of_the_servers_loose(
    environment: dict[str, str], kind: str, begins: bytes, words: str
) -> None:
    write_settings(environment, f'watch_terminal = "{kind}"\nwatch_focused = true\n')
    async with served(environment) as variables:
        address = ServerAddress(variables["COLONIES_SERVER_HOST"], int(variables["COLONIES_SERVER_PORT"]), tls=False)
        keys = Keyring(member=PrivateKey(variables["COLONIES_PRVKEY"]))
        own = {name: value for name, value in (environment | variables).items() if name != "TMUX"}
        async with ColoniesClient(address, keys) as client, terminal(own) as shown:
            where = Conditions(colonyname=variables["COLONIES_COLONY_NAME"], executortype="cli")
            process = await client.submit_process(spec=FunctionSpec(funcname=HOSTILE, conditions=where))
            await shown.until_shows("Queues", "? help")
            shown.press("2")
            await shown.until_shows("all 1", "train")
            shown.press("w")
            await shown.until_shows("is watched")
            await client.cancel_process(processid=process.processid)
            await shown.until(lambda: begins in shown.output)
            ends = shown.output.index(b"\x07", shown.output.index(begins))
            await shown.until_shows("was cancelled")
            assert shown.output[shown.output.index(begins) + len(begins) : ends].decode() == words
            assert b"\x1b]0;owned" not in shown.output
            shown.press("q")
            assert await shown.ended() == 0
    kept = list((Path(environment["COLONIES_TUI_STATE_DIR"]) / "watches").iterdir())
    assert [path.stat().st_mode & 0o777 for path in kept] == [0o600]
