"""``colonies-tui call`` against a server: replies, exit codes, keys, the journal."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from colonies_tui.client.client import ColoniesClient
from colonies_tui.localserver.embedded import RunningServer
from colonies_tui.protocol.keyring import Keyring
from colonies_tui.protocol.messages.every import MESSAGES
from colonies_tui.protocol.messages.process import GetProcesses
from colonies_tui.protocol.models.process import Process
from colonies_tui.protocol.states import ProcessState
from colonies_tui.store.journal import without_secrets
from tests.cli.conftest import Done, Run, variables_of
from tests.client.servers import closed_port, envelope, http, http_server, refusal

SUBMIT = ("call", "submitfuncspec", "spec.funcname=echo", "spec.args.0=hello", "spec.conditions.executortype=cli")


def value_of(done: Done) -> Any:
    """Return the one JSON value of a call that went well."""
    assert (done.code, done.err) == (0, "")
    assert done.out.endswith("\n")
    assert done.out.count("\n") == 1
    return json.loads(done.out)


def journal(home: Path) -> list[dict[str, Any]]:
    path = home / "state" / "journal.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


async def waiting(server: RunningServer) -> tuple[Process, ...]:
    async with ColoniesClient(server.address, server.identities.keyring) as client:
        return await client.send(GetProcesses(colonyname="dev", count=100, state=ProcessState.WAITING))


# -- replies -----------------------------------------------------------------------------------------------------------


async def test_the_installed_command_prints_the_reply_as_json(local: RunningServer, run: Run) -> None:
    done = await run("call", "getcolonymsg", env=variables_of(local))
    assert value_of(done) == {"colonyid": local.identities.colony_key.identity, "name": "dev"}


async def test_the_reply_is_in_the_wires_own_keys(local: RunningServer, invoke: Run) -> None:
    process = value_of(await invoke(*SUBMIT, env=variables_of(local)))
    assert process == Process.model_validate(process).to_wire()
    assert process["spec"]["args"] == ["hello"]
    assert process["in"] == []
    assert process["endtime"] == "0001-01-01T00:00:00Z"
    listed = value_of(await invoke("call", "getprocesses", "state=waiting", "count=5", env=variables_of(local)))
    assert [row["processid"] for row in listed] == [process["processid"]]


async def test_no_rows_are_an_empty_list(local: RunningServer, invoke: Run) -> None:
    assert value_of(await invoke("call", "getexecutors", env=variables_of(local))) == []


async def test_fields_may_stand_before_and_after_options(local: RunningServer, invoke: Run) -> None:
    words = ("call", "getprocesses", "state=waiting", "--as", "member", "count=5")
    assert value_of(await invoke(*words, env=variables_of(local))) == []
    for wrong in (("call", "getprocesses", "--as", "member", "count"), ("call", "--as", "member", "x=1", "--nonsense")):
        done = await invoke(*wrong, env=variables_of(local))
        assert done.code == 2
        assert done.out == ""


async def test_json_from_a_file_and_from_standard_input(local: RunningServer, run: Run, home: Path) -> None:
    spec = {"spec": {"funcname": "from json", "conditions": {"executortype": "cli"}}}
    path = home / "spec.json"
    path.write_text(json.dumps(spec), encoding="utf-8-sig")
    done = await run("call", "submitfuncspec", "--json", f"@{path}", "spec.label=x", env=variables_of(local))
    assert (value_of(done)["spec"]["funcname"], json.loads(done.out)["spec"]["label"]) == ("from json", "x")
    done = await run("call", "submitfuncspec", "--json", "-", env=variables_of(local), stdin=json.dumps(spec))
    assert value_of(done)["spec"]["funcname"] == "from json"


async def test_what_a_terminal_could_take_for_a_command_is_escaped(invoke: Run) -> None:
    text = "\x1b[2J\x9b2J\x7f\u202e\u2028å"
    reply = http(envelope({"buildversion": text}, "versionmsg"))
    async with http_server(lambda request: reply) as server:
        env = {"COLONIES_SERVER_HOST": "127.0.0.1", "COLONIES_SERVER_PORT": str(server.address.port)}
        done = await invoke("call", "version", env={**env, "COLONIES_TLS": "false", "COLONIES_COLONY_NAME": "dev"})
    assert done.out.rstrip("\n").isascii()
    assert done.out.rstrip("\n").isprintable()
    assert value_of(done)["buildversion"] == text


# -- exit codes --------------------------------------------------------------------------------------------------------


async def test_a_refusal_ends_with_1_and_the_servers_words(local: RunningServer, invoke: Run) -> None:
    done = await invoke("call", "getcolonies", "--as", "member", env=variables_of(local))
    assert (done.code, done.out) == (1, "")
    assert done.err == "colonies-tui: refused (403): Access denied, not server owner\n"


async def test_what_would_do_harm_is_not_sent_and_ends_with_1(local: RunningServer, invoke: Run, home: Path) -> None:
    done = await invoke("call", "submitfuncspec", "spec.funcname=echo", env=variables_of(local))
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("colonies-tui: not sent: conditions.executortype is missing")
    assert journal(home) == []
    assert await waiting(local) == ()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["call"], "name a message; colonies-tui call --list shows all"),
        (["call", "getproces"], "there is no message 'getproces'"),
        (["call", "getprocess"], "getprocessmsg needs processid"),
        (["call", "getprocess", "processid"], "'processid' is not of the form key=value"),
        (["call", "getprocess", "--json"], "--json needs an object"),
        (["call", "getprocess", "--json", "@/nowhere/x.json"], "/nowhere/x.json: no such file or directory"),
        (["call", "subscribeprocess"], "goes over the websocket: use colonies-tui watch"),
    ],
)
async def test_wrong_usage_ends_with_2(invoke: Run, arguments: list[str], words: str) -> None:
    env = {"COLONIES_SERVER_HOST": "127.0.0.1", "COLONIES_TLS": "false", "COLONIES_COLONY_NAME": "dev"}
    done = await invoke(*arguments, env=env)
    assert (done.code, done.out) == (2, "")
    assert words in done.err
    assert done.err.count("\n") == 1


async def test_no_profile_ends_with_2(invoke: Run) -> None:
    done = await invoke("call", "version")
    assert done.code == 2
    assert "no profile in " in done.err


async def test_a_key_that_is_not_there_ends_with_2(local: RunningServer, invoke: Run) -> None:
    env = {name: text for name, text in variables_of(local).items() if name != "COLONIES_SERVER_PRVKEY"}
    for arguments in (("call", "getcolonies"), ("call", "getcolony", "--as", "server")):
        done = await invoke(*arguments, env=env)
        assert (done.code, done.out) == (2, "")
        assert "needs the server owner's key, and the profile environment has none" in done.err


async def test_a_server_that_is_down_ends_with_3(local: RunningServer, invoke: Run, home: Path) -> None:
    with closed_port() as address:
        done = await invoke(*SUBMIT, env={**variables_of(local), "COLONIES_SERVER_HTTP_PORT": str(address.port)})
    assert (done.code, done.out) == (3, "")
    assert done.err.startswith("colonies-tui: nothing listens on ")
    assert [entry["outcome"] for entry in journal(home)] == ["asked", "not sent"]


async def test_an_answer_that_breaks_off_ends_with_4(local: RunningServer, invoke: Run, home: Path) -> None:
    async with http_server(lambda request: http(b"{", length=100), then_close=True) as server:
        done = await invoke(*SUBMIT, env={**variables_of(local), "COLONIES_SERVER_HTTP_PORT": str(server.address.port)})
    assert (done.code, done.out) == (4, "")
    assert len(server.requests) == 1
    assert [entry["outcome"] for entry in journal(home)] == ["asked", "unknown"]


async def test_the_servers_words_are_cleaned(local: RunningServer, invoke: Run) -> None:
    reply = http(refusal(500, "a\x1b[31m\r\nb"), 500)
    async with http_server(lambda request: reply) as server:
        env = {**variables_of(local), "COLONIES_SERVER_HTTP_PORT": str(server.address.port)}
        done = await invoke("call", "getcolony", env=env)
    assert (done.code, done.err) == (1, "colonies-tui: refused (500): a␛[31m␍␊b\n")


def test_a_reader_that_leaves_is_no_error(environment: dict[str, str]) -> None:
    command = f"{sys.executable} -m colonies_tui call --list | head -c 10"
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command}"], env=environment, capture_output=True, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")


# -- what is changed ---------------------------------------------------------------------------------------------------


async def test_changes_are_journaled_and_reads_are_not(local: RunningServer, invoke: Run, home: Path) -> None:
    env = variables_of(local)
    process = value_of(await invoke(*SUBMIT, env=env))
    value_of(await invoke("call", "getprocess", f"processid={process['processid']}", env=env))
    asked, done = journal(home)
    assert (asked["outcome"], done["outcome"], done["words"]) == ("asked", "done", "submitfuncspecmsg done")
    for entry in (asked, done):
        assert entry["verb"] == "call"
        assert entry["target"] == {"kind": "message", "name": "submitfuncspecmsg"}
        assert entry["signer"] == local.identities.user_key.identity
        assert entry["server"] == str(local.address)
        assert entry["request"]["spec"]["args"] == ["hello"]
    text = (home / "state" / "journal.jsonl").read_text()
    assert not [key for key in ("user_key", "colony_key") if getattr(local.identities, key).reveal() in text]


async def test_refused_changes_are_journaled(local: RunningServer, invoke: Run, home: Path) -> None:
    done = await invoke("call", "cancelprocess", "processid=x", env=variables_of(local))
    assert done.code == 1
    assert [entry["outcome"] for entry in journal(home)] == ["asked", "refused"]


def test_the_journal_holds_no_secret_of_a_file() -> None:
    stored = {"file": {"ref": {"s3object": {"secretkey": "s", "accesskey": "a", "encryptionkey": "", "bucket": "b"}}}}
    assert without_secrets([stored], Keyring())[0]["file"]["ref"]["s3object"] == {
        "secretkey": "(not written down)",
        "accesskey": "(not written down)",
        "encryptionkey": "",
        "bucket": "b",
    }


async def test_nothing_is_changed_when_it_cannot_be_written_down(local: RunningServer, invoke: Run, home: Path) -> None:
    (home / "state").touch()
    done = await invoke(*SUBMIT, env=variables_of(local))
    assert (done.code, done.out) == (2, "")
    assert "not sent, the journal cannot be written" in done.err
    assert await waiting(local) == ()


async def test_a_read_only_profile_changes_nothing(
    local: RunningServer, invoke: Run, home: Path, write_keys: Callable[[str], Path]
) -> None:
    key = local.identities.user_key.reveal()
    write_keys(f'[profiles.lab]\nurl = "{local.address}"\ncolony = "dev"\nmember_key = "{key}"\nread_only = true\n')
    done = await invoke(*SUBMIT)
    assert (done.code, done.out) == (1, "")
    assert "the profile lab is read-only, and submitfuncspecmsg changes something" in done.err
    assert (await invoke("call", "getcolony")).code == 0
    done = await invoke("--read-only", *SUBMIT, env=variables_of(local))
    assert (done.code, done.out) == (1, "")
    assert "--read-only was given" in done.err
    assert await waiting(local) == ()
    assert journal(home) == []


# -- lists -------------------------------------------------------------------------------------------------------------


async def test_lists_need_no_profile(invoke: Run) -> None:
    done = await invoke("call", "--list")
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines()[0].split() == ["MESSAGE", "ROLE", "KEY", "FIELDS"]
    done = await invoke("call", "--list", "--json")
    assert {entry["msgtype"] for entry in json.loads(done.out)} == set(MESSAGES)
    done = await invoke("call", "--list", "getlogs")
    assert done.out.startswith("getlogsmsg: Log rows of one process")
    assert "signed with the member key; changes nothing" in done.out
    done = await invoke("call", "getlogs", "--list", "--json")
    assert [entry["msgtype"] for entry in json.loads(done.out)] == ["getlogsmsg"]


# -- what is loaded ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("arguments", [["call", "version"], ["call", "--list"], ["watch", "--process", "x"]])
def test_the_screen_is_not_loaded(environment: dict[str, str], arguments: list[str]) -> None:
    with closed_port() as address:
        env = {
            **environment,
            "COLONIES_SERVER_HOST": address.host,
            "COLONIES_SERVER_PORT": str(address.port),
            "COLONIES_TLS": "false",
            "COLONIES_COLONY_NAME": "dev",
            "COLONIES_PRVKEY": "ddf7f7791208083b6a9ed975a72684f6406a269cfa36f1b1c32045c0a71fff05",
        }
        program = (
            "import sys\nfrom colonies_tui.cli.main import main\n"
            f"code = main({arguments!r})\n"
            "print(code, [name for name in ('textual', 'starlette', 'uvicorn', 'sqlite3') if name in sys.modules])"
        )
        done = subprocess.run(
            [sys.executable, "-c", program], env=env, capture_output=True, text=True, timeout=60, check=True
        )
    assert done.stdout.splitlines()[-1] == f"{0 if '--list' in arguments else 3} []"


def test_a_call_loads_nothing_of_other_messages(environment: dict[str, str]) -> None:
    with closed_port() as address:
        env = {
            **environment,
            "COLONIES_SERVER_HOST": address.host,
            "COLONIES_SERVER_PORT": str(address.port),
            "COLONIES_TLS": "false",
            "COLONIES_COLONY_NAME": "dev",
        }
        program = (
            "import sys\nfrom colonies_tui.cli.main import main\n"
            "code = main(['call', 'version'])\n"
            "print(code, *(name for name in sys.modules if name.startswith('colonies_tui.')))"
        )
        done = subprocess.run(
            [sys.executable, "-c", program], env=env, capture_output=True, text=True, timeout=60, check=True
        )
    code, *loaded = done.stdout.splitlines()[-1].split()
    assert code == "3"
    assert not [name for name in loaded if name.startswith(("colonies_tui.store", "colonies_tui.ui"))]
    assert {"colonies_tui.config.keys_file", "colonies_tui.client.client"}.isdisjoint(loaded)
    subjects = {name.rpartition(".")[2] for name in loaded if name.startswith("colonies_tui.protocol.messages.")}
    assert subjects == {"colony", "log"}
