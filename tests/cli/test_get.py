"""``colonies-tui get``: every list in every output, filters, exit codes, what is cut, and what is seen by watching."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from colonies_tui.client.client import ColoniesClient
from colonies_tui.config.paths import paths_from_environment
from colonies_tui.config.saved_filters import save_filter
from colonies_tui.localserver.embedded import running_server
from colonies_tui.localserver.settings import FirstIdentities, ServerSettings
from colonies_tui.protocol.crypto import PrivateKey
from colonies_tui.protocol.models.colony import Colony as ColonyRow
from colonies_tui.protocol.models.executor import Function
from colonies_tui.protocol.models.location import Location
from tests.cli.conftest import COMMAND, SECONDS, Done, Run, variables_of
from tests.ui.console import workflow_colony
from tests.ui.console.colony import Colony, living_colony

LISTS = {
    "processes": "fetch",
    "workflows": "plan",
    "executors": "worker-1",
    "queues": "cli",
    "crons": "nightly",
    "generators": "batches",
    "functions": "render_tile",
    "labels": "/tiles",
    "files": "a.png",
    "colonies": "dev",
    "users": "operator",
    "locations": "rack-9",
}
"""A text that is somewhere in each list of the furnished colony."""

EMPTY = ("snapshots", "blueprints")


@pytest.fixture
async def colony() -> AsyncIterator[Colony]:
    async with living_colony() as made:
        yield made


async def furnish(colony: Colony) -> None:
    """Put something into every list but two."""
    worker = await colony.register("worker-1")
    await colony.register("worker-2", approve=False)
    await colony.failed("worker-1", "exit status 1: \x1b[31mno\nroom")
    await colony.submit("gpu")
    offered = Function(executorname="worker-1", executortype="cli", colonyname=colony.name, funcname="render_tile")
    await worker.client.add_function(fun=offered)
    await workflow_colony.start(colony)
    await workflow_colony.a_cron(colony, "nightly")
    await workflow_colony.a_generator(colony, "batches")
    await workflow_colony.a_file(colony, "/tiles", "a.png")
    await colony.operator.add_location(location=Location(name="rack-9", colonyname=colony.name))


def arguments_of(name: str) -> tuple[str, ...]:
    return (name, "--label", "/tiles") if name == "files" else (name,)


def rows_in(done: Done) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(done.out)
    return found


# -- outputs -----------------------------------------------------------------------------------------------------------


async def test_every_list_in_every_output_says_the_same(colony: Colony, invoke: Run) -> None:
    await furnish(colony)
    env = variables_of(colony.running)
    for name, text in LISTS.items():
        as_json, as_csv, as_table = [
            await invoke("get", *arguments_of(name), "--output", output, env=env) for output in ("json", "csv", "table")
        ]
        assert [as_json.code, as_csv.code, as_table.code] == [0, 0, 0], (name, as_json.err)
        assert as_json.err == as_csv.err == as_table.err == "", name
        rows = rows_in(as_json)
        assert text in as_json.out, name
        lines = list(csv.DictReader(io.StringIO(as_csv.out)))
        assert [list(row) for row in rows] == [list(line) for line in lines], name
        assert [str(row[next(iter(row))]) for row in rows] == [line[next(iter(line))] for line in lines], name
        head, *drawn = as_table.out.splitlines()
        assert head == head.upper()
        assert len(drawn) == len(rows) >= 1, name
        assert any(text in line for line in drawn), name


async def test_a_list_with_nothing_in_it(colony: Colony, invoke: Run) -> None:
    env = variables_of(colony.running)
    for name in EMPTY:
        done = await invoke("get", name, env=env)
        assert (done.code, done.out, done.err) == (0, "", f"colonies-tui: no {name}\n")
        done = await invoke("get", name, "--output", "json", env=env)
        assert (done.code, done.out, done.err) == (0, "[]\n", "")
        done = await invoke("get", name, "--output", "csv", env=env)
        assert (done.code, done.out.count("\n"), done.err) == (0, 1, "")
        assert done.out.startswith('"name",')


async def test_a_table_is_clean_and_whole_and_json_is_the_original(colony: Colony, invoke: Run) -> None:
    await furnish(colony)
    env = variables_of(colony.running)
    done = await invoke("get", "processes", "state=failed", env=env)
    (row,) = rows_in(await invoke("get", "processes", "state=failed", "--output", "json", env=env))
    head, line = done.out.splitlines()
    assert "exit status 1: ␛[31mno␊room" in line
    assert line.endswith(row["id"])
    assert len(row["id"]) == 64
    assert line.index("fetch") == head.index("FUNCTION")
    assert row["error"] == "exit status 1: \x1b[31mno\nroom"
    assert row["since"].endswith("Z")


async def test_a_table_for_an_output_without_other_letters(colony: Colony, run: Run) -> None:
    await colony.register("worker-1")
    await colony.submit()
    plain_c = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = await run("get", "queues", env={**variables_of(colony.running), **plain_c})
    assert (done.code, done.err) == (0, "")
    assert done.out.isascii()
    assert "\\" not in done.out
    head, line = done.out.splitlines()
    assert line.startswith("cli ")
    assert line[head.index("EXECUTORS") :] == "1 o"


# -- what is printed ---------------------------------------------------------------------------------------------------


async def test_filters_columns_order_and_limit(colony: Colony, invoke: Run) -> None:
    env = variables_of(colony.running)
    for kind in ("b", "a", "c", "d"):
        await colony.submit(kind, f"do_{kind}")

    async def found(*words: str) -> list[list[Any]]:
        done = await invoke("get", "processes", "--output", "json", *words, env=env)
        assert (done.code, done.err) == (0, "")
        return [list(row.items()) for row in rows_in(done)]

    assert await found("type=a|c", "--columns", "type", "--sort", "type") == [[("type", "a")], [("type", "c")]]
    assert await found("!do_a", "type!=b", "--columns", "type", "--sort", "function", "--reverse") == [
        [("type", "d")],
        [("type", "c")],
    ]
    assert await found("--limit", "1", "--columns=type,function", "--sort=type", "~do_[ab]") == [
        [("type", "a"), ("function", "do_a")]
    ]
    assert await found("age>1h") == []


async def test_a_filter_that_was_saved_in_the_console(colony: Colony, invoke: Run, environment: dict[str, str]) -> None:
    await colony.submit("a")
    await colony.submit("b")
    save_filter(paths_from_environment(environment).filters_file, "processes", "mine", "type=a")
    words = ("*mine", "waiting", "--columns", "type", "--output", "json")
    done = await invoke("get", "processes", *words, env=variables_of(colony.running))
    assert (rows_in(done), done.err) == ([{"type": "a"}], "")


async def test_executors_that_are_gone_are_left_out_until_they_are_asked_for(colony: Colony, invoke: Run) -> None:
    await colony.register("stays")
    await colony.register("leaves")
    await colony.operator.remove_executor(colonyname=colony.name, executorname="leaves")
    env = variables_of(colony.running)
    done = await invoke("get", "executors", "--output", "json", "--columns", "name", env=env)
    assert rows_in(done) == [{"name": "stays"}]
    assert done.err == "colonies-tui: left out: 1 executors that are gone; state=gone shows them\n"
    done = await invoke("get", "executors", "state=gone", "--output", "json", "--columns", "name", env=env)
    assert (rows_in(done), done.err) == ([{"name": "leaves"}], "")


async def test_a_list_that_the_server_cuts_says_so(colony: Colony, invoke: Run) -> None:
    await colony.submit_many(103)
    env = variables_of(colony.running)
    done = await invoke("get", "processes", "--output", "json", env=env)
    assert (done.code, len(rows_in(done))) == (0, 100)
    assert done.err == "colonies-tui: the server did not list all: 100 of 103 waiting\n"
    done = await invoke("get", "processes", "state=failed", env=env)
    assert done.err == "colonies-tui: no processes match state=failed\n"
    done = await invoke("get", "queues", env=env)
    assert done.err == "colonies-tui: the server did not list all: 100 of 103 waiting\n"


async def test_every_colony_of_the_server_with_its_counters(colony: Colony, invoke: Run) -> None:
    for number in range(20):  # more than are read at a time
        await colony.operator.add_colony(
            colony=ColonyRow(colonyid=PrivateKey.new().identity, name=f"other-{number:02}")
        )
    done = await invoke("get", "colonies", env=variables_of(colony.running))
    assert (done.code, done.err) == (0, "")
    lines = done.out.splitlines()[1:]
    assert [line.split()[0] for line in lines] == ["dev", *(f"other-{number:02}" for number in range(20))]
    assert not any("asking" in line for line in lines)


# -- exit codes --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nothing",), "there is no list 'nothing'"),
        (("files",), "give it with --label"),
        (("users", "--label", "/x"), "--label is for files alone"),
        (("processes", "colour=red"), 'no field "colour": a filter of processes knows function, node'),
        (("processes", "age>soon"), "age wants a number"),
        (("processes", "*mine"), 'no saved filter "mine" of this list'),
        (("processes", "--columns", "colour"), "there is no column 'colour'; there are state, function"),
        (("queues", "--sort", "waiting"), "queues cannot be sorted by waiting, but in its own order alone"),
        (("processes", "--count", "3"), "--count is for --watch"),
        (("processes", "--watch", "--limit", "3"), "--limit is for a list that is printed once"),
        (("processes", "--output", "yaml"), "invalid choice"),
        (("processes", "--columns", "a,,b"), "columns are names with commas"),
        (("processes", "a", "--unknown"), "unrecognized arguments"),
    ],
    ids=" ".join,
)
async def test_wrong_usage_ends_with_2_before_anything_is_asked(invoke: Run, words: tuple[str, ...], said: str) -> None:
    done = await invoke("get", *words)
    assert (done.code, done.out) == (2, "")
    assert said in done.err.splitlines()[-1]
    assert "?" not in done.err.splitlines()[-1]


async def test_what_is_not_allowed_ends_with_1(colony: Colony, invoke: Run) -> None:
    env = {**variables_of(colony.running), "COLONIES_PRVKEY": PrivateKey.new().reveal()}
    done = await invoke("get", "processes", env=env)
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("colonies-tui: not allowed with this key: processes cannot be read: refused (403)")
    assert done.err.count("\n") == 1


async def test_a_server_that_is_down_ends_with_3(invoke: Run) -> None:
    async with running_server(ServerSettings()) as gone:
        variables = variables_of(gone)
    done = await invoke("get", "workflows", env=variables)
    assert (done.code, done.out) == (3, "")
    assert done.err.startswith("colonies-tui: workflows: ")
    assert done.err.count("\n") == 1


async def test_the_lists_are_named_with_columns_and_fields(invoke: Run) -> None:
    done = await invoke("get")
    assert (done.code, done.err) == (0, "")
    names = [line.split()[0] for line in done.out.splitlines() if not line.startswith(" ")]
    assert names == sorted([*LISTS, *EMPTY])
    one = await invoke("get", "queues", "--list")
    assert one.out in done.out
    assert "columns: type, waiting, running" in one.out
    assert (await invoke("get", "nothing", "--list")).code == 2


# -- watching ----------------------------------------------------------------------------------------------------------


@asynccontextmanager
async def watching(
    colony: Colony, environment: dict[str, str], *words: str
) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        str(COMMAND),
        "get",
        *words,
        "--watch",
        env={**environment, **variables_of(colony.running)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def next_line(process: asyncio.subprocess.Process) -> str:
    assert process.stdout is not None
    line = await asyncio.wait_for(process.stdout.readline(), SECONDS)
    assert line, "it ended"
    return line.decode().rstrip("\n")


async def test_watching_sees_what_is_new_and_what_changed_and_an_interrupt_ends_it(
    colony: Colony, environment: dict[str, str]
) -> None:
    await colony.register("worker-1")
    first = await colony.submit()
    async with watching(colony, environment, "processes", "--output", "json", "--columns", "id,state") as process:
        assert json.loads(await next_line(process)) == {"change": "present", "id": first.processid, "state": "waiting"}
        second = await colony.submit("gpu")
        assert json.loads(await next_line(process)) == {"change": "new", "id": second.processid, "state": "waiting"}
        await colony.assign("worker-1")
        assert json.loads(await next_line(process)) == {"change": "changed", "id": first.processid, "state": "running"}
        await colony.operator.remove_process(processid=second.processid)
        assert json.loads(await next_line(process)) == {"change": "gone", "id": second.processid, "state": "waiting"}
        process.send_signal(signal.SIGINT)
        out, err = await asyncio.wait_for(process.communicate(), SECONDS)
        assert (process.returncode, out, err) == (130, b"", b"")


async def test_watching_a_filter_sees_what_enters_and_leaves_it_and_ends_after_enough(
    colony: Colony, environment: dict[str, str]
) -> None:
    await colony.register("worker-1")
    words = ("processes", "state=running", "--columns", "function", "--count", "2")
    async with watching(colony, environment, *words) as process:
        assert (await next_line(process)).split() == ["TIME", "CHANGE", "FUNCTION"]
        await colony.submit(funcname="once")
        taken = await colony.assign("worker-1")
        assert (await next_line(process)).split()[1:] == ["new", "once"]
        await colony.succeed("worker-1", taken)
        assert (await next_line(process)).split()[1:] == ["gone", "once"]
        _, err = await asyncio.wait_for(process.communicate(), SECONDS)
        assert (process.returncode, err.decode()) == (0, "colonies-tui: no processes match state=running\n")


async def test_watching_as_csv(colony: Colony, environment: dict[str, str]) -> None:
    words = ("executors", "--output", "csv", "--columns", "name,state", "--count", "1")
    async with watching(colony, environment, *words) as process:
        assert await next_line(process) == '"change","name","state"'
        await colony.register("late", approve=False)
        assert await next_line(process) == '"new","late","pending"'
        assert await asyncio.wait_for(process.wait(), SECONDS) == 0


async def test_a_reader_that_leaves_ends_watching_quietly(colony: Colony, environment: dict[str, str]) -> None:
    async with watching(colony, environment, "processes") as process:
        await next_line(process)
        transport = process._transport  # type: ignore[attr-defined]  # asyncio has no public way to close one pipe
        transport.get_pipe_transport(1).close()
        assert await asyncio.wait_for(process.wait(), SECONDS) == 0
        assert process.stderr is not None
        assert b"Traceback" not in await process.stderr.read()


async def test_watching_outlasts_a_server_that_is_away_for_a_while(environment: dict[str, str], tmp_path: Path) -> None:
    data = str(tmp_path / "colony")
    identities = FirstIdentities(server_key=PrivateKey.new(), colony_key=PrivateKey.new(), user_key=PrivateKey.new())
    async with AsyncExitStack() as stack:
        async with living_colony(data=data, identities=identities) as before:
            port = before.running.address.port
            first = await before.submit()
            words = ("processes", "--output", "json", "--columns", "id")
            process = await stack.enter_async_context(watching(before, environment, *words))
            assert json.loads(await next_line(process)) == {"change": "present", "id": first.processid}
        assert process.stderr is not None
        lost = await asyncio.wait_for(process.stderr.readline(), SECONDS)
        assert lost.endswith(b"; trying again\n")
        async with living_colony(data=data, identities=identities, port=port) as after:
            second = await after.submit()
            assert json.loads(await next_line(process)) == {"change": "new", "id": second.processid}
            assert await asyncio.wait_for(process.stderr.readline(), SECONDS) == b"colonies-tui: connected again\n"
            process.send_signal(signal.SIGINT)
            assert await asyncio.wait_for(process.wait(), SECONDS) == 130


# -- what it loads and leaves ------------------------------------------------------------------------------------------


async def test_it_reads_only_what_the_list_needs(colony: Colony, invoke: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    send = ColoniesClient.send

    async def noted(client: ColoniesClient, request: Any, **options: Any) -> Any:
        asked.append(request.msgtype)
        return await send(client, request, **options)

    monkeypatch.setattr(ColoniesClient, "send", noted)
    await invoke("get", "users", env=variables_of(colony.running))
    assert sorted(asked) == ["getcolonystatsmsg", "getusersmsg"]


@pytest.mark.parametrize("words", [("--list",), ("processes",)], ids=" ".join)
async def test_the_screen_is_not_loaded(colony: Colony, environment: dict[str, str], words: tuple[str, ...]) -> None:
    script = (
        "import sys; from colonies_tui.cli.main import main; code = main(sys.argv[1:]);"
        "print(*sorted({name.partition('.')[0] for name in sys.modules}), file=sys.stderr); sys.exit(code)"
    )
    finished = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-c", script, "get", *words],
        env={**environment, **variables_of(colony.running)},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr
    loaded = set(finished.stderr.splitlines()[-1].split())
    assert "colonies_tui" in loaded
    assert loaded & {"textual", "starlette", "uvicorn", "sqlite3"} == set()
