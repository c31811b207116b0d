"""The installed command in a pseudo-terminal on a hostile colony: only its own sequences reach the terminal."""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path

import pytest

from colonies_tui.protocol.crypto import PrivateKey
from tests.hostile.contents import CONTENTS
from tests.hostile.filling import HostileColony
from tests.hostile.server import hostile_server
from tests.hostile.terminal_bytes import foreign_sequences
from tests.test_pty import Terminal, environment, terminal

__all__ = ["environment"]

NAME = "Ŋ[red]dev[/"
"""The configuration takes no name that cannot be printed."""


VIEWS = {
    "1": "Queues",
    "2": "∗ all",
    "3": "Workflows ·",
    "4": "Executors ·",
    "5": "Logs",
    "6": "Crons ·",
    "7": "Generators ·",
    "8": "Labels ·",
    "9": "Colonies ·",
    "0": "Server",
    "J": "Journal ·",
}

HARMLESS = frozenset({"markup", "wide", "length", "query", "numbers", "deep json"})
"""Contents that hold nothing but pictures."""


@pytest.mark.parametrize("name", sorted(set(CONTENTS) - HARMLESS))
def test_what_is_hostile_is_told(name: str) -> None:
    assert foreign_sequences(CONTENTS[name].encode("utf-8", "surrogatepass"))


def hides(shown: Terminal, title: str) -> bool:
    return title not in shown.text


@pytest.mark.timeout(180)
async def test_nothing_but_our_own_sequences_reaches_the_terminal(environment: dict[str, str], tmp_path: Path) -> None:
    colony = HostileColony(time.time(), name=NAME)
    secret = PrivateKey.new().reveal()
    async with hostile_server(colony) as server:
        server.refuses_changes = True
        own = environment | {
            "COLONIES_SERVER_HOST": server.address.host,
            "COLONIES_SERVER_PORT": str(server.address.port),
            "COLONIES_TLS": "false",
            "COLONIES_COLONY_NAME": NAME,
            "COLONIES_PRVKEY": secret,
            "COLONIES_COLONY_PRVKEY": secret,
            "COLONIES_SERVER_PRVKEY": secret,
        }
        async with terminal(own) as shown:
            await shown.until_shows("Queues", "Latest failures", "Ŋ")
            for digit, title in VIEWS.items():
                shown.press(digit)
                await shown.until_shows(title)
                for key in ("j", "j", "\t") if title.startswith("Colonies") else ("\r", "j", "j", "\t"):
                    shown.press(key)
            for view, there, key, title in (
                ("2", "∗ all", "?", "Help ·"),
                ("1", "Queues", "X", "Why "),
                ("4", "r reject", "D", "Signed with"),
                ("4", "r reject", ":", "Search for commands"),
            ):
                shown.press(view)
                await shown.until_shows(there)
                shown.press(key)
                await shown.until_shows(title)
                shown.press("\x1b")
                await shown.until(partial(hides, shown, title))
            shown.press("\x11")
            assert await shown.ended() == 0
        assert foreign_sequences(bytes(shown.output)) == []
        assert secret.encode() not in shown.output
