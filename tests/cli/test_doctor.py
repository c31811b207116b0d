"""The doctor against a server: it tells the truth about every key, and changes nothing."""

from __future__ import annotations

import asyncio
import json
import os
import re
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from colonies_tui.cli.checks.finding import Finding, Outcome
from colonies_tui.cli.doctor import examine
from colonies_tui.client.client import ColoniesClient
from colonies_tui.config.paths import Paths, paths_from_environment
from colonies_tui.config.profile import Profile
from colonies_tui.localserver.embedded import RunningServer, running_server
from colonies_tui.localserver.settings import ServerSettings
from colonies_tui.protocol.crypto import PrivateKey
from colonies_tui.protocol.keyring import Keyring
from colonies_tui.protocol.models.colony import User
from colonies_tui.protocol.models.executor import Executor
from colonies_tui.protocol.states import ExecutorState
from tests.cli.conftest import COMMAND, SECONDS, Run

GOOD, BAD, NEUTRAL = Outcome.GOOD, Outcome.BAD, Outcome.NEUTRAL


@pytest.fixture(params=[False, True], ids=["local", "real quirks"])
async def server(request: pytest.FixtureRequest) -> AsyncIterator[RunningServer]:
    """A server with a colony, its owner and a user."""
    async with running_server(ServerSettings(real_quirks=request.param)) as running:
        yield running


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return paths_from_environment({f"COLONIES_TUI_{name}_DIR": str(tmp_path / name) for name in ("CONFIG", "STATE")})


Report = dict[str, Finding]


async def report(
    server: RunningServer, paths: Paths, keys: Keyring, *, colony: str = "dev", read_only: bool = False
) -> Report:
    profile = Profile("lab", server.address, colony, keys, read_only=read_only, source="a test")
    findings = [finding async for finding in examine(profile, paths)]
    for finding in findings:
        for key in (keys.member, keys.colony, keys.server):
            assert key is None or key.reveal() not in repr(finding)
    return {finding.what: finding for finding in findings}


def outcomes(found: Report) -> dict[str, Outcome]:
    names = {"member key": "member", "colony owner's key": "colony", "server owner's key": "server"}
    return {short: found[what].outcome for what, short in names.items()}


async def test_all_well(server: RunningServer, paths: Paths) -> None:
    keys = server.identities.keyring
    found = await report(server, paths, keys)
    assert not [finding for finding in found.values() if finding.outcome is BAD]
    assert keys.member
    assert keys.colony
    assert keys.server
    assert found["member key"].words.startswith(f"{keys.member.identity[:8]} is the user operator")
    assert found["colony owner's key"].words == f"{keys.colony.identity[:8]} owns dev"
    assert found["server owner's key"].words == f"{keys.server.identity[:8]} owns the server, which has 1 colony"
    assert found["colony"].words == "dev is known to the server, and hands out work"
    assert found["clock"].words == "agrees with the clock here"
    assert found["server"].words.startswith(f"{server.address} answers in ")


async def test_whether_observers_are_kept_apart(server: RunningServer, paths: Paths) -> None:
    found = await report(server, paths, server.identities.keyring)
    assert found["observers"].outcome is (NEUTRAL if server.server.settings.real_quirks else GOOD)


async def test_without_keys_it_says_what_cannot_be_done(server: RunningServer, paths: Paths) -> None:
    found = await report(server, paths, Keyring())
    assert set(outcomes(found).values()) == {NEUTRAL}
    assert found["member key"].words == "none: this profile cannot see anything of the colony, submit or cancel work"
    assert found["member key"].advice == "give it as COLONIES_PRVKEY"
    assert "approve, reject or remove executors" in found["colony owner's key"].words
    assert "list, add or remove colonies" in found["server owner's key"].words
    assert found["colony"].outcome is GOOD


async def test_keys_of_strangers(server: RunningServer, paths: Paths) -> None:
    keys = Keyring(PrivateKey.new(), PrivateKey.new(), PrivateKey.new())
    found = await report(server, paths, keys)
    assert set(outcomes(found).values()) == {BAD}
    for what, key in (
        ("member key", keys.member),
        ("colony owner's key", keys.colony),
        ("server owner's key", keys.server),
    ):
        assert key
        assert found[what].words.startswith(f"not allowed with this key: {key.identity[:8]} is not ")
        assert found[what].advice.endswith(f"use another key, or have this identity added: {key.identity}")


@pytest.mark.parametrize("with_server_key", [False, True])
@pytest.mark.parametrize("with_member_key", [False, True])
async def test_the_owner_of_the_colony_is_told_from_others_whatever_else_is_known(
    server: RunningServer, paths: Paths, with_member_key: bool, with_server_key: bool
) -> None:
    own = server.identities.keyring
    member = own.member if with_member_key else None
    server_key = own.server if with_server_key else None
    others = [PrivateKey.new(), own.member, own.server]
    found = await report(server, paths, Keyring(member, own.colony, server_key))
    assert found["colony owner's key"].outcome is GOOD
    for other in others:
        found = await report(server, paths, Keyring(member, other, server_key))
        assert found["colony owner's key"].outcome is BAD
        assert "is not the owner of dev" in found["colony owner's key"].words


async def test_keys_in_each_others_places_are_recognised(server: RunningServer, paths: Paths) -> None:
    own = server.identities.keyring
    found = await report(server, paths, Keyring(member=own.colony, colony=own.server, server=own.member))
    assert set(outcomes(found).values()) == {BAD}
    assert found["member key"].advice == "this is the colony owner's key: give it as COLONIES_COLONY_PRVKEY"
    assert found["colony owner's key"].advice == "this is the server owner's key: give it as COLONIES_SERVER_PRVKEY"
    assert found["server owner's key"].advice == "this is the member key: give it as COLONIES_PRVKEY"


@pytest.mark.parametrize("state", list(ExecutorState))
async def test_an_executor_as_member(server: RunningServer, paths: Paths, state: ExecutorState) -> None:
    key = PrivateKey.new()
    names = {"colonyname": "dev", "executorname": "worker"}
    async with ColoniesClient(server.address, server.identities.keyring) as client:
        await client.add_executor(
            executor=Executor.model_validate({"executorid": key.identity, "executortype": "cpu", **names})
        )
        if state is ExecutorState.APPROVED:
            await client.approve_executor(**names)
        elif state is ExecutorState.REJECTED:
            await client.reject_executor(**names)
        elif state is ExecutorState.UNREGISTERED:
            await client.remove_executor(**names)
    found = (await report(server, paths, Keyring(member=key)))["member key"]
    if state is ExecutorState.APPROVED:
        assert (found.outcome, found.words) == (GOOD, f"{key.identity[:8]} is the executor worker, approved")
    else:
        assert found.outcome is BAD
        assert found.words.startswith(f"{key.identity[:8]} is the executor worker, {state.name.lower()}: it cannot see")


async def test_a_colony_that_the_server_does_not_know(server: RunningServer, paths: Paths) -> None:
    own = server.identities.keyring
    found = await report(server, paths, own, colony="nosuch")
    assert found["colony"].outcome is BAD
    assert found["colony"].words == "the server knows no colony nosuch; it has: dev"
    assert outcomes(found) == {"member": NEUTRAL, "colony": NEUTRAL, "server": GOOD}
    found = await report(server, paths, Keyring(member=own.member, server=PrivateKey.new()), colony="nosuch")
    assert found["colony"].words == "the server knows no colony nosuch"


async def test_a_paused_colony(server: RunningServer, paths: Paths) -> None:
    keys = server.identities.keyring
    async with ColoniesClient(server.address, keys) as client:
        await client.pause_assignments(colonyname="dev")
        found = await report(server, paths, keys)
        assert (await client.get_pause_status(colonyname="dev")).ispaused
    assert found["colony"].outcome is NEUTRAL
    assert found["colony"].words == "dev is paused: no work is handed out until somebody resumes it"


async def test_read_only_is_said(server: RunningServer, paths: Paths) -> None:
    found = await report(server, paths, server.identities.keyring, read_only=True)
    assert found["changes"].words == "none: this profile is read-only"


async def test_it_changes_nothing(server: RunningServer, paths: Paths) -> None:
    keys = server.identities.keyring
    async with ColoniesClient(server.address, keys) as client:

        async def everything() -> tuple[object, ...]:
            return (
                await client.get_colonies(),
                await client.get_users(colonyname="dev"),
                await client.get_executors(colonyname="dev"),
                await client.get_pause_status(colonyname="dev"),
                await client.get_colony_statistics(colonyname="dev"),
            )

        before = await everything()
        for held in (keys, Keyring(colony=keys.colony), Keyring(keys.colony, keys.server, keys.member)):
            await report(server, paths, held)
        assert await everything() == before
    assert not paths.state_dir.exists()
    assert not paths.config_dir.exists()


def variables(server: RunningServer) -> dict[str, str]:
    own = server.identities
    return {
        "COLONIES_SERVER_HOST": server.address.host,
        "COLONIES_SERVER_HTTP_PORT": str(server.address.port),
        "COLONIES_TLS": "false",
        "COLONIES_COLONY_NAME": own.colony_name,
        "COLONIES_PRVKEY": own.user_key.reveal(),
        "COLONIES_COLONY_PRVKEY": own.colony_key.reveal(),
        "COLONIES_SERVER_PRVKEY": own.server_key.reveal(),
    }


@pytest.mark.parametrize(
    ("changed", "code", "line"),
    [
        ({}, 0, "✔ member key         — "),
        ({"COLONIES_PRVKEY": ""}, 0, "– member key         — none: "),
        ({"COLONIES_PRVKEY": "1" * 64}, 1, "✖ member key         — not allowed with this key: "),
        ({"COLONIES_COLONY_NAME": "nosuch"}, 1, "✖ colony             — the server knows no colony nosuch"),
        ({"COLONIES_TLS": ""}, 1, "✖ server             — 127.0.0.1 port "),
        ({"COLONIES_SERVER_HTTP_PORT": "1"}, 1, "✖ server             — nothing listens on http://127.0.0.1:1"),
        ({"COLONIES_TLS": "perhaps"}, 2, "✖ configuration      — COLONIES_TLS is 'perhaps'; "),
        ({"COLONIES_SERVER_HOST": ""}, 2, "✖ configuration      — no profile in "),
    ],
)
async def test_the_command_says_it_in_a_line_and_ends_with_its_code(
    run: Run, changed: dict[str, str], code: int, line: str
) -> None:
    async with running_server(ServerSettings()) as server:
        held = variables(server)
        done = await run("doctor", env={**held, **changed})
        as_json = await run("doctor", "--json", env={**held, **changed})
    assert done.err == ""
    assert [text for text in done.out.splitlines() if text.startswith(line)]
    assert (done.code, as_json.code) == (code, code)
    told = json.loads(as_json.out)
    assert told["ok"] is (code == 0)
    marks = {"good": "✔", "bad": "✖", "neutral": "–"}
    written = [f"{marks[check['outcome']]} {check['what']}" for check in told["checks"]]
    assert written == [text.partition(" —")[0].rstrip() for text in done.out.splitlines() if not text.startswith(" ")]
    for secret in held.values():
        if len(secret) == 64:
            assert secret[:16] not in done.everything + as_json.everything


async def test_the_command_uses_a_profile_of_the_file(run: Run, write_keys: Callable[[str], Path]) -> None:
    async with running_server(ServerSettings()) as server:
        key = server.identities.user_key.reveal()
        path = write_keys(f'[profiles.lab]\nurl = "{server.address}"\ncolony = "dev"\nmember_key = "{key}"\n')
        done = await run("doctor", "--profile", "lab")
    assert done.code == 0
    lines = done.out.splitlines()
    assert lines[0].endswith(f"profile lab from {path} (named with --profile): {server.address}, dev")
    assert lines[1].endswith(f"only you can use {path} (mode 0600)")
    assert key not in done.everything


async def test_without_unicode_it_writes_ascii(run: Run) -> None:
    done = await run("doctor", env={"PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii", "LC_ALL": "C"})
    assert done.code == 2
    assert done.out.startswith("x configuration      - no profile in ")
    assert done.out.isascii()


async def test_words_of_a_server_reach_the_terminal_as_text(run: Run) -> None:
    async with running_server(ServerSettings()) as server:
        key = PrivateKey.new()
        async with ColoniesClient(server.address, server.identities.keyring) as client:
            await client.add_user(user=User(colonyname="dev", userid=key.identity, name="\x1b[2J\u202e[red]"))
        done = await run("doctor", env={**variables(server), "COLONIES_PRVKEY": key.reveal()})
    assert done.code == 0
    assert f"{key.identity[:8]} is the user ␛[2J\N{REPLACEMENT CHARACTER}[red]" in done.out


async def test_on_a_terminal_lines_are_coloured_and_wrapped(environment: dict[str, str]) -> None:
    ours, theirs = os.openpty()
    try:
        process = await asyncio.create_subprocess_exec(
            str(COMMAND), "doctor", stdin=theirs, stdout=theirs, env={**environment, "TERM": "xterm", "COLUMNS": "70"}
        )
    finally:
        os.close(theirs)
    try:
        assert await asyncio.wait_for(process.wait(), SECONDS) == 2
        shown = os.read(ours, 65536).decode()
    finally:
        os.close(ours)
    assert shown.startswith("\x1b[31m✖\x1b[0m configuration")
    lines = re.sub(r"\x1b\[\d*m", "", shown).splitlines()
    assert len(lines) > 2
    # A path has no place to break at; what can be broken is.
    assert all(len(line) <= 70 or " " not in line.strip() for line in lines)
