"""``colonies-tui journal``: what was done, also by a program that was killed; and nothing in it is a key."""

from __future__ import annotations

import asyncio
import json
import stat
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from colonies_tui.localserver.embedded import RunningServer
from colonies_tui.protocol.crypto import PrivateKey
from colonies_tui.store.journal import FileJournal
from colonies_tui.store.journal_reading import UNDER_WAY, UNKNOWN_WORDS
from tests.cli.conftest import COMMAND, SECONDS, Done, Run, variables_of
from tests.cli.killed_call import call_without_answer, kill

SUBMIT = ("call", "submitfuncspec", "spec.funcname=echo", "spec.conditions.executortype=cli")


def actions(done: Done) -> list[dict[str, Any]]:
    assert (done.code, done.err) == (0, "")
    return [json.loads(line) for line in done.out.splitlines()]


async def test_an_empty_journal_is_no_error(invoke: Run, home: Path) -> None:
    for options in ((), ("--json",)):
        done = await invoke("journal", *options)
        assert (done.code, done.out) == (0, "")
        assert "nothing is in the journal yet" in done.err


async def test_what_was_done_is_printed_the_oldest_first(local: RunningServer, invoke: Run) -> None:
    env = variables_of(local)
    await invoke(*SUBMIT, env=env)
    await invoke("call", "cancelprocess", "processid=x", env=env)
    await invoke("call", "pauseassignments", env=env)
    submitted, refused, paused = actions(await invoke("journal", "--json"))
    assert [action["outcome"] for action in (submitted, refused, paused)] == ["done", "refused", "done"]
    assert refused["words"].startswith("refused (")
    assert (submitted["profile"], submitted["key"], paused["key"]) == ("environment", "member", "colony")
    assert submitted["request"]["spec"]["funcname"] == "echo"
    assert submitted["signer"] == local.identities.user_key.identity
    assert submitted["time"].endswith("Z")
    assert paused["call"] == "colonies-tui call pauseassignmentsmsg --as colony colonyname=dev"
    assert paused["official"].endswith(" colonies process pause")
    assert refused["official"] is None
    assert [each["id"] for each in actions(await invoke("journal", "--json", "--count", "2"))] == [
        refused["id"],
        paused["id"],
    ]
    done = await invoke("journal")
    head, *lines = done.out.splitlines()
    assert head.split() == ["WHEN", "OUTCOME", "VERB", "OBJECT", "PROFILE", "KEY", "TOOK"]
    assert [line.split()[2] for line in lines] == ["done", "refused", "done"]
    assert "refused (" in lines[1]


async def test_the_outcome_is_unknown_when_the_program_was_killed(
    environment: dict[str, str], invoke: Run, home: Path
) -> None:
    async with call_without_answer(environment) as process:
        (action,) = actions(await invoke("journal", "--json"))
        assert (action["outcome"], action["words"]) == (UNDER_WAY, "")
        await kill(process)
        (action,) = actions(await invoke("journal", "--json"))
    assert (action["outcome"], action["words"], action["seconds"]) == ("unknown", UNKNOWN_WORDS, None)
    assert action["request"]["processid"] == "c0ffee12" * 8
    assert "unknown" in (await invoke("journal")).out
    assert stat.S_IMODE((home / "state" / "journal.jsonl").stat().st_mode) == 0o600


async def test_following_prints_each_action_when_it_has_ended(environment: dict[str, str], home: Path) -> None:
    journal = FileJournal(home / "state" / "journal.jsonl")
    now = time.time()
    for name in ("older", "newest"):
        journal.write(now, {"id": name, "outcome": "asked", "verb": name})
        journal.write(now, {"id": name, "outcome": "done", "words": "", "seconds": 0.0})
    process = await asyncio.create_subprocess_exec(
        str(COMMAND), "journal", "--json", "--follow", "--count", "1", env=environment, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None

    async def line() -> dict[str, Any]:
        assert process.stdout is not None
        got: dict[str, Any] = json.loads(await asyncio.wait_for(process.stdout.readline(), SECONDS))
        return got

    try:
        assert (await line())["id"] == "newest"
        async with call_without_answer(environment) as called:
            journal.write(now, {"id": "quick", "outcome": "asked", "verb": "run"})
            journal.write(now, {"id": "quick", "outcome": "refused", "words": "no", "seconds": 0.1})
            assert ((await line())["id"]) == "quick"  # and not what is under way, though that began before
            await kill(called)
            assert (await line())["outcome"] == "unknown"
    finally:
        process.terminate()
        await process.wait()


def test_a_reader_that_leaves_ends_it(environment: dict[str, str], home: Path) -> None:
    FileJournal(home / "state" / "journal.jsonl").write(0.0, {"id": "a", "outcome": "asked"})
    command = f"{COMMAND} journal --json --follow | head -n 1"
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command}"], env=environment, capture_output=True, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")


async def test_lines_that_are_no_entries_are_said(invoke: Run, home: Path) -> None:
    path = home / "state" / "journal.jsonl"
    FileJournal(path).write(0.0, {"id": "a", "outcome": "asked", "verb": "\x1b[31mred"})
    with path.open("a") as file:
        file.write("garbage\n")
    done = await invoke("journal")
    assert done.code == 0
    assert done.err == "colonies-tui: left out, since they are no entries: 1 of the journal's lines\n"
    assert "\x1b" not in done.out
    assert "␛[31mred" in done.out


async def test_a_journal_that_cannot_be_read_is_a_wrong_configuration(invoke: Run, home: Path) -> None:
    (home / "state" / "journal.jsonl").mkdir(parents=True)
    done = await invoke("journal")
    assert (done.code, done.out) == (2, "")
    assert "the journal cannot be read" in done.err
    done = await invoke("journal", "--count", "0")
    assert done.code == 2


def test_neither_screen_nor_network_is_loaded(environment: dict[str, str]) -> None:
    program = (
        "import sys\nfrom colonies_tui.cli.main import main\ncode = main(['journal', '--json'])\n"
        "print(code, [name for name in ('textual', 'httpx', 'websockets', 'uvicorn') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.splitlines()[-1] == "0 []"


# -- keys --------------------------------------------------------------------------------------------------------------


def keys_in(text: bytes, keys: list[PrivateKey]) -> list[str]:
    """Return the identities of the keys that stand in a text, whole or by a part that no accident makes."""
    found = []
    for key in keys:
        secret = key.reveal()
        parts = [secret[at : at + 12] for at in range(64 - 12 + 1)]
        if any(part.encode() in text.lower() for part in parts) or bytes.fromhex(secret) in text:
            found.append(key.identity)
    return found


async def test_no_key_is_in_the_journal_whatever_is_done_with_keys(
    local: RunningServer, invoke: Run, home: Path, tmp_path: Path
) -> None:
    env = variables_of(local)
    keyring = local.identities.keyring
    used = [key for key in (keyring.member, keyring.colony, keyring.server) if key is not None]
    assert len(used) == 3
    made = [PrivateKey(((await invoke("keys", "new")).out).splitlines()[1]) for _ in range(5)]
    user, executor, colony, member, server = made

    async def call(*words: str, variables: dict[str, str] = env, code: int = 0) -> None:
        done = await invoke("call", *words, env=variables)
        assert done.code == code, done.err

    await call("adduser", "user.name=anna", f"user.userid={user.identity}")
    await call("addexecutor", "executor.executorname=e", f"executor.executorid={executor.identity}",
               "executor.executortype=cli")  # fmt: skip
    await call("approveexecutor", "executorname=e")
    await call("addcolony", "colony.name=second", f"colony.colonyid={colony.identity}")
    secrets = {f"K{place}": key.reveal() for place, key in enumerate(used)}
    spec = {"funcname": "deploy", "env": secrets, "conditions": {"colonyname": "dev", "executortype": "cli"}}
    await call("submitfuncspec", "--json", json.dumps({"spec": spec}))
    await call("cancelprocess", f"processid={used[0].reveal().upper()}", code=1)
    await call("changeuserid", f"userid={member.identity}")
    await call("pauseassignments", variables={**env, "COLONIES_PRVKEY": member.reveal()})
    await call("changecolonyid", f"colonyid={colony.identity}")
    await call("changeserverid", f"serverid={server.identity}")
    await call("resumeassignments", variables={**env, "COLONIES_COLONY_PRVKEY": colony.reveal()})
    await call("removecolony", "colonyname=second", variables={**env, "COLONIES_SERVER_PRVKEY": server.reveal()})

    written = (home / "state" / "journal.jsonl").read_bytes()
    assert written.count(b'"outcome":"asked"') == 12
    assert keys_in(written, [*used, *made]) == []
    for key in (user, executor, colony, member, server):
        assert key.identity.encode() in written
    printed = await invoke("journal", "--json")
    assert keys_in(printed.out.encode(), [*used, *made]) == []
    assert keys_in((await invoke("journal")).out.encode(), [*used, *made]) == []
    assert keys_in(used[0].reveal().encode(), used) == [used[0].identity]  # the search finds what is there


async def test_help_says_what_unknown_means(invoke: Run) -> None:
    done = await invoke("journal", "--help")
    assert done.code == 0
    assert "look at\nthe object before trying again" in done.out
