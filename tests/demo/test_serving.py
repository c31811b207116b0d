"""The demo's server on a socket of its parent."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from colonies_tui.client.client import ColoniesClient
from colonies_tui.demo.cast import COLONY
from colonies_tui.demo.keys import KEYS_FILE, open_keys
from colonies_tui.demo.serving import WrongKeys, serving


async def test_the_socket_of_the_parent_is_served_and_other_keys_are_refused(tmp_path: Path) -> None:
    keys = open_keys(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        async with serving(tmp_path, keys, listening) as address, ColoniesClient(address, keys.keyring) as client:
            assert address.port == port
            assert [user.name for user in await client.get_users(colonyname=COLONY)] == ["operator"]
    (tmp_path / KEYS_FILE).unlink()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        with pytest.raises(ExceptionGroup) as caught:
            async with serving(tmp_path, open_keys(tmp_path), listening):
                pytest.fail("it was served")
        assert caught.group_contains(WrongKeys, match="other keys than the demo's")
