"""Servers that are not there, that refuse, that go and come back: each is said as what it is."""

from __future__ import annotations

import dataclasses
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from colonies_tui.localserver.settings import FirstIdentities
from colonies_tui.protocol.address import ServerAddress
from colonies_tui.protocol.crypto import PrivateKey
from colonies_tui.protocol.keyring import Keyring
from tests.ui.console.colony import Colony, living_colony
from tests.ui.console.driver import SMALL, console, profile_at, profile_of
from tests.ui.console.views import VIEWS

EMPTY = ("No processes", "No executors", "No queues", "No failures", "No users", "No colonies", "No logs")


async def test_a_wrong_key_is_no_empty_list(colony: Colony, tmp_path: Path) -> None:
    await colony.register("worker-1")
    await colony.submit_many(2)
    keys = Keyring(member=PrivateKey.new())
    async with console(profile_of(colony, keys=keys), tmp_path) as c:
        await c.until(lambda: "not allowed with this key" in c.lines[0])
        for view, things in (
            ("overview", "queues"),
            ("processes", "processes"),
            ("executors", "executors"),
            ("logs", "logs"),
            ("colonies", "users"),
        ):
            await c.go(view)
            await c.until_shows(f"Not allowed with this key: {things} cannot")
            assert not [words for words in EMPTY if words in c.text]
        for any_view in VIEWS.values():
            await c.go(any_view.KEY)
            assert "not allowed with this key" in c.lines[0]


async def test_the_console_opens_without_a_server_and_comes_alive(tmp_path: Path) -> None:
    keys = FirstIdentities(user_key=PrivateKey.new(), colony_key=PrivateKey.new())
    async with living_colony() as elsewhere:
        port = elsewhere.running.address.port
    address = ServerAddress("127.0.0.1", port, tls=False)
    async with console(profile_at(address, Keyring(keys.user_key, keys.colony_key)), tmp_path) as c:
        await c.until(lambda: "no answer" in c.lines[0] and "retry in" in c.lines[0])
        await c.until_shows(f"No answer from http://127.0.0.1:{port} yet")
        for view in ("processes", "executors", "logs", "colonies"):
            await c.go(view)
            assert not [words for words in EMPTY if words in c.text]
        await c.go("executors")
        async with living_colony(port=port, identities=keys) as colony:
            await colony.register("worker-1")
            await c.until_shows(" worker-1 ")
            await c.until(lambda: "● live" in c.lines[0])
            await c.press("escape")
        await c.until(lambda: "stale since" in c.lines[0])


@pytest.mark.parametrize("real_quirks", [False, True], ids=["better", "real quirks"])
async def test_a_lost_server_leaves_what_is_known_and_refuses_to_act(real_quirks: bool, tmp_path: Path) -> None:
    data = str(tmp_path / "data")
    async with AsyncExitStack() as stack:
        first = await stack.enter_async_context(living_colony(data=data, real_quirks=real_quirks))
        port = first.running.address.port
        await first.register("gpu-9", "gpu", approve=False)
        await first.register("worker-1", "cli")
        await first.failed("worker-1", "boom")
        async with console(profile_of(first), tmp_path) as c:
            await c.until_known()
            await c.go("executors")
            await c.until(lambda: c.executors.table.move_to("gpu-9"))
            await stack.aclose()
            await c.until(lambda: "stale since" in c.lines[0] and "retry in" in c.lines[0])
            assert c.shows(" gpu-9 ", " worker-1 ")
            await c.press("a")
            assert c.dialog is None
            assert c.notices[-1] == "approve: the server does not answer"
            await c.filter("worker")
            assert list(c.executors.table.visible_ids()) == ["worker-1"], "what is known can still be searched"
            await c.press("escape")
            await c.go("processes")
            assert c.shows("boom")
            await c.go("overview")
            assert c.shows("boom")
            await c.go("executors")
            async with living_colony(data=data, port=port, real_quirks=real_quirks) as second:
                await c.until(lambda: "live" in c.lines[0] or "polling" in c.lines[0])
                assert c.executors.table.move_to("gpu-9")
                await c.press("a", "y")
                await c.until(lambda: c.executors.table.rows["gpu-9"].condition.value == "approved")
                assert (await second.states())["gpu-9"] == "approved"


async def test_a_server_that_is_not_verified_is_said_on_every_view(colony: Colony, tmp_path: Path) -> None:
    anybody = dataclasses.replace(colony.running.address, insecure=True)
    async with console(profile_of(colony, address=anybody), tmp_path, size=SMALL) as c:
        await c.until_known()
        for digit in VIEWS:
            await c.press(digit)
            assert "server not verified" in c.lines[0], digit
