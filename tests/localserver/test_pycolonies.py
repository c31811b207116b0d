"""The Python SDK ``pycolonies`` as it is, against the local server: a client that we did not write.

It signs in pure Python, with its own module ``crypto``, so it needs no library of another language. That module,
``model`` and ``cfs`` lie at the top of the site packages.
"""

from __future__ import annotations

import asyncio
import io
import warnings
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any

import pytest

from colonies_tui.localserver.embedded import RunningServer, running_server
from colonies_tui.localserver.settings import ServerSettings
from colonies_tui.protocol.crypto import PrivateKey

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # what it imports may warn on newer versions of Python
    import crypto as sdk_crypto  # type: ignore[import-untyped]  # it has no types
    import model as sdk_model  # type: ignore[import-untyped]  # it has no types
    import pycolonies  # type: ignore[import-untyped]  # it has no types

COLONY = "dev"
TYPE = "python"


@dataclass
class Sdk:
    """The SDK's client, and the keys of its people as it wants them: as text."""

    client: Any
    server_key: str
    colony_key: str
    user_key: str

    def new_key(self) -> tuple[str, str]:
        """Return a key and its id, both made by the SDK."""
        key = sdk_crypto.Crypto().prvkey()
        return key, sdk_crypto.Crypto().id(key)

    def executor(self, name: str = "worker", *, approved: bool = True) -> str:
        """Register an executor and return its key."""
        key, identity = self.new_key()
        executor = {"executorid": identity, "colonyname": COLONY, "executorname": name, "executortype": TYPE}
        self.client.add_executor(executor, self.colony_key)
        if approved:
            self.client.approve_executor(COLONY, name, self.colony_key)
        return key

    def spec(self, funcname: str | Callable[..., Any] = "echo", *args: Any, **more: Any) -> Any:
        return pycolonies.func_spec(funcname, list(args), COLONY, TYPE, maxexectime=60, **more)

    def refused(self, words: str) -> pytest.RaisesExc[Exception]:
        """Expect what the SDK raises when the server says no."""
        return pytest.raises(pycolonies.ColoniesConnectionError, match=words)


@pytest.fixture(params=[False, True], ids=["better", "real quirks"])
async def running(request: pytest.FixtureRequest) -> AsyncIterator[RunningServer]:
    async with running_server(ServerSettings(real_quirks=request.param)) as server:
        yield server


@pytest.fixture
def sdk(running: RunningServer, monkeypatch: pytest.MonkeyPatch) -> Sdk:
    monkeypatch.setenv("NO_PROXY", "*")
    identities = running.identities
    return Sdk(
        pycolonies.Colonies(running.address.host, running.address.port),
        identities.server_key.reveal(),
        identities.colony_key.reveal(),
        identities.user_key.reveal(),
    )


async def run(scenario: Callable[[Sdk], None], sdk: Sdk) -> None:
    """Run what blocks beside the server."""
    async with asyncio.timeout(60):
        await asyncio.to_thread(scenario, sdk)


def identities(sdk: Sdk) -> None:
    for _ in range(5):
        key, identity = sdk.new_key()
        assert PrivateKey(key).identity == identity
    client = sdk.client
    key, identity = sdk.new_key()
    assert client.add_colony({"colonyid": identity, "name": "other"}, sdk.server_key)["name"] == "other"
    assert {colony["name"] for colony in client.list_colonies(sdk.server_key)} == {COLONY, "other"}
    assert client.get_colony(COLONY, sdk.user_key)["name"] == COLONY
    with sdk.refused("not server owner"):
        client.list_colonies(sdk.user_key)
    _, userid = sdk.new_key()
    user = {"colonyname": "other", "userid": userid, "name": "u", "email": "", "phone": ""}
    client.add_user(user, key)
    with sdk.refused("not a member"):
        client.get_users("other", key)
    client.remove_user("other", "u", key)
    client.del_colony("other", sdk.server_key)
    assert client.get_users(COLONY, sdk.user_key)[0]["name"] == "operator"


def executors(sdk: Sdk) -> None:
    client = sdk.client
    key = sdk.executor(approved=False)
    with sdk.refused("not a member"):
        client.assign(COLONY, -1, key)
    client.approve_executor(COLONY, "worker", sdk.colony_key)
    with sdk.refused("No process available"):
        client.assign(COLONY, -1, key)
    assert client.get_executor(COLONY, "worker", sdk.user_key)["state"] == 1
    client.add_function(COLONY, "worker", "echo", key)
    assert [function["funcname"] for function in client.get_functions_by_colony(COLONY, sdk.user_key)] == ["echo"]
    assert len(client.get_functions_by_executor(COLONY, "worker", sdk.user_key)) == 1
    client.reject_executor(COLONY, "worker", sdk.colony_key)
    client.remove_executor(COLONY, "worker", sdk.colony_key)
    assert [executor["state"] for executor in client.list_executors(COLONY, sdk.user_key)] == [3]


def processes(sdk: Sdk) -> None:
    client = sdk.client
    key = sdk.executor()
    submitted = client.submit_func_spec(sdk.spec("echo", "hello", 5, kwargs={"k": "v"}), sdk.user_key)
    assigned = client.assign(COLONY, 10, key)
    assert (assigned.processid, assigned.state, assigned.spec.args) == (submitted.processid, 1, ["hello", 5])
    assert assigned.spec.kwargs == {"k": "v"}
    attribute = client.add_attribute(assigned.processid, "key", "value", key)
    assert client.get_attribute(attribute["attributeid"], key)["value"] == "value"
    client.add_log(assigned.processid, "a line", key)
    client.add_log(assigned.processid, "another", key)
    first, second = client.get_process_log(COLONY, assigned.processid, 10, 0, sdk.user_key)
    assert (first["message"], second["message"]) == ("a line", "another")
    later = client.get_process_log(COLONY, assigned.processid, 10, first["timestamp"], sdk.user_key)
    assert later == client.get_executor_log(COLONY, "worker", 10, first["timestamp"], sdk.user_key) == [second]
    client.set_output(assigned.processid, ["half"], key)
    client.close(assigned.processid, ["whole", 1, 2.5], key)
    ended = client.wait(assigned, 10, key)
    assert (ended.state, ended.output) == (2, ["whole", 1, 2.5])
    assert [attribute.key for attribute in ended.attributes] == ["key"]
    client.submit_func_spec(sdk.spec(executorname="worker"), sdk.user_key)
    client.fail(client.assign(COLONY, 10, key).processid, ["broken"], key)
    assert client.list_processes(COLONY, 10, client.FAILED, sdk.user_key)[0]["errors"] == ["broken"]
    statistics = client.stats(COLONY, sdk.user_key)
    assert (statistics["successfulprocesses"], statistics["failedprocesses"]) == (1, 1)
    client.remove_process(assigned.processid, sdk.user_key)
    client.remove_all_processes(COLONY, sdk.colony_key)
    assert not client.list_processes(COLONY, 10, client.FAILED, sdk.user_key)


def a_function_of_python(name: str) -> str:
    return f"hello {name}"


def code_in_the_environment(sdk: Sdk) -> None:
    key = sdk.executor()
    sdk.client.submit_func_spec(sdk.spec(a_function_of_python, "you"), sdk.user_key)
    spec = sdk.client.assign(COLONY, 10, key).spec
    assert (spec.funcname, spec.args, spec.env["args_spec"]) == ("a_function_of_python", ["you"], "name")
    assert spec.env.keys() == {"args_spec", "code"}


def diamond(sdk: Sdk) -> Any:
    workflow = sdk_model.Workflow(colonyname=COLONY)
    for nodename, parents in (("a", []), ("b", ["a"]), ("c", ["a"]), ("d", ["b", "c"])):
        spec = sdk.spec(nodename)
        spec.conditions.dependencies = parents
        workflow.functionspecs.append(spec)
    return workflow


def workflows(sdk: Sdk) -> None:
    client = sdk.client
    key = sdk.executor()
    graph = client.submit_workflow(diamond(sdk), sdk.user_key)
    assert (graph.state, len(graph.processids), len(graph.rootprocessids)) == (0, 4, 1)
    root = client.assign(COLONY, 10, key)
    assert (root.spec.nodename, root.processgraphid) == ("a", graph.processgraphid)
    child = client.find_process("b", graph.processids, sdk.user_key)
    assert child.waitforparents
    client.add_child(graph.processgraphid, root.processid, "", sdk.spec("e"), "e", False, key)
    client.close(root.processid, ["from a"], key)
    for _ in range(4):
        process = client.assign(COLONY, 10, key)
        assert process.input == (["b", "c"] if process.spec.nodename == "d" else ["from a"])
        client.close(process.processid, [process.spec.nodename], key)
    drawn = client.get_processgraph(graph.processgraphid, sdk.user_key)
    assert (drawn.state, len(drawn.nodes), len(drawn.edges)) == (2, 5, 5)
    assert [one["state"] for one in client.get_processgraphs(COLONY, 10, sdk.user_key, state=2)] == [2]
    client.remove_processgraph(graph.processgraphid, sdk.user_key)
    client.submit_workflow(diamond(sdk), sdk.user_key)
    client.remove_all_processgraphs(COLONY, sdk.colony_key)
    assert not client.get_processgraphs(COLONY, 10, sdk.user_key)


def crons_and_generators(sdk: Sdk) -> None:
    client = sdk.client
    key = sdk.executor()
    cron = client.add_cron("yearly", "0 0 0 1 1 *", True, diamond(sdk), COLONY, sdk.user_key)
    assert client.get_cron(cron["cronid"], sdk.user_key)["name"] == "yearly"
    client.run_cron(cron["cronid"], sdk.user_key)
    assert client.assign(COLONY, 10, key).spec.nodename == "a"
    assert [one["cronid"] for one in client.get_crons(COLONY, 10, sdk.user_key)] == [cron["cronid"]]
    client.del_cron(cron["cronid"], sdk.user_key)
    with sdk.refused("fields"):
        client.add_cron("five", "0 0 1 1 *", True, diamond(sdk), COLONY, sdk.user_key)
    assert client.get_crons(COLONY, 10, sdk.user_key) == []
    generator = {
        "name": "g",
        "colonyname": COLONY,
        "trigger": 2,
        "timeout": -1,
        "workflowspec": diamond(sdk).model_dump_json(),
    }
    added = client.add_generator(generator, sdk.user_key)
    assert client.get_generator(added["generatorid"], sdk.user_key)["queuesize"] == 0
    assert [one["name"] for one in client.get_generators(COLONY, sdk.user_key)] == ["g"]
    client.remove_generator(added["generatorid"], sdk.user_key)
    assert not client.get_generators(COLONY, sdk.user_key)


class Bucket:
    """A bucket in memory, where the SDK expects one of S3."""

    def __init__(self) -> None:
        self.contents: dict[str, bytes] = {}

    def head_bucket(self, *, Bucket: str) -> None:
        assert Bucket == "bucket"

    def put_object(self, *, Bucket: str, Key: str, Body: bytes) -> None:
        self.contents[Key] = Body

    def get_object(self, *, Bucket: str, Key: str) -> dict[str, Any]:
        return {"Body": io.BytesIO(self.contents[Key])}

    def delete_object(self, *, Bucket: str, Key: str) -> None:
        del self.contents[Key]


def files(sdk: Sdk) -> None:
    client = sdk.client
    for data in (b"first", b"second"):
        client.upload_data(COLONY, sdk.user_key, filename="f.txt", data=data, label="lab/")
    client.upload_data(COLONY, sdk.user_key, filename="g.txt", data=b"", label="/lab/sub")
    listed = client.get_files("/lab", COLONY, sdk.user_key)
    assert [(file["name"], file["size"]) for file in listed] == [("f.txt", 6)]
    labels = client.get_file_labels(COLONY, sdk.user_key, name="/lab", exact=True)
    assert {label["name"]: label["files"] for label in labels} == {"/lab": 2, "/lab/sub": 1}
    newest, oldest = client.get_file(COLONY, sdk.user_key, label="/lab", filename="f.txt", latest=False)
    assert newest["sequencenr"] > oldest["sequencenr"]
    assert client.download_data(COLONY, sdk.user_key, label="/lab", filename="f.txt") == b"second"
    assert client.download_data(COLONY, sdk.user_key, fileid=oldest["fileid"]) == b"first"
    snapshot = client.create_snapshot(COLONY, "/lab", "snap", sdk.user_key)
    assert len(snapshot["fileids"]) == 2
    assert client.get_snapshot_by_name(COLONY, "snap", sdk.user_key) == snapshot
    assert client.get_snapshot_by_id(COLONY, snapshot["snapshotid"], sdk.user_key) == snapshot
    assert client.get_snapshots(COLONY, sdk.user_key) == [snapshot]
    client.delete_file(COLONY, sdk.user_key, fileid=newest["fileid"])
    assert client.download_data(COLONY, sdk.user_key, label="/lab", filename="f.txt") == b"first"


def channels(sdk: Sdk) -> None:
    client = sdk.client
    key = sdk.executor()
    spec = sdk.spec()
    spec.channels = ["chat"]
    processid = client.submit_func_spec(spec, sdk.user_key).processid
    client.assign(COLONY, 10, key)
    client.channel_append(processid, "chat", 1, "hej å", sdk.user_key)
    client.channel_append(processid, "chat", 1, b"\x00\xff", key, in_reply_to=1, payload_type="end")
    first, second = client.channel_read(processid, "chat", 0, 0, sdk.user_key)
    assert (first["payload"].decode(), second["payload"]) == ("hej å", b"\x00\xff")
    assert (second["inreplyto"], second["type"]) == (1, "end")
    assert client.channel_read(processid, "chat", 1, 1, key) == [second]

    heard: list[list[bytes]] = []

    def hear(entries: list[dict[str, Any]]) -> bool:
        heard.append([entry["payload"] for entry in entries])
        if len(heard) == 1:
            client.channel_append(processid, "chat", 2, "live", key)
        return len(heard) < 2

    client.subscribe_channel(processid, "chat", sdk.user_key, after_seq=1, callback=hear)
    assert heard == [[b"\x00\xff"], [b"live"]]
    with pytest.raises(pycolonies.ColoniesError, match="Channel not found"):
        client.subscribe_channel(processid, "nosuch", sdk.user_key)
    client.close(processid, [], key)
    with sdk.refused("Channel not found"):
        client.channel_read(processid, "chat", 0, 0, key)


def blueprints(sdk: Sdk) -> None:
    client = sdk.client
    definition = {
        "kind": "BlueprintDefinition",
        "metadata": {"name": "depl", "colonyname": COLONY},
        "spec": {"names": {"kind": "Depl"}, "handler": {"executorType": TYPE, "functionName": "reconcile"}},
    }
    client.add_blueprint_definition(definition, sdk.colony_key)
    assert client.get_blueprint_definition(COLONY, "depl", sdk.user_key)["kind"] == "BlueprintDefinition"
    assert len(client.get_blueprint_definitions(COLONY, sdk.user_key)) == 1
    blueprint = {"kind": "Depl", "metadata": {"name": "web", "colonyname": COLONY}, "spec": {"replicas": 1}}
    added = client.add_blueprint(blueprint, sdk.user_key)
    client.update_blueprint({**blueprint, "spec": {"replicas": 2}}, sdk.user_key)
    client.update_blueprint_status(COLONY, "web", {"ready": 2}, sdk.user_key)
    found = client.get_blueprint(COLONY, "web", sdk.user_key)
    assert (found["spec"], found["status"], found["metadata"]["generation"]) == ({"replicas": 2}, {"ready": 2}, 1)
    assert client.get_blueprints(COLONY, sdk.user_key, kind="Depl") == [found]
    changes = client.get_blueprint_history(added["blueprintid"], sdk.user_key, limit=1)
    assert [change["changetype"] for change in changes] == ["update"]
    assert client.reconcile_blueprint(COLONY, "web", sdk.user_key, force=True)["spec"]["kwargs"]["force"] is True
    client.remove_blueprint(COLONY, "web", sdk.user_key)
    client.remove_blueprint_definition(COLONY, "depl", sdk.colony_key)


SCENARIOS = (
    identities,
    executors,
    processes,
    code_in_the_environment,
    workflows,
    crons_and_generators,
    channels,
    blueprints,
)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.__name__)
async def test_the_sdk_as_it_is(sdk: Sdk, scenario: Callable[[Sdk], None]) -> None:
    await run(scenario, sdk)


async def test_the_sdk_keeps_the_metadata_of_its_files_here(sdk: Sdk, monkeypatch: pytest.MonkeyPatch) -> None:
    bucket = Bucket()
    monkeypatch.setattr(pycolonies.boto3, "client", lambda *_, **__: bucket)
    for name, value in (
        ("ENDPOINT", "localhost:9000"),
        ("ACCESSKEY", "access"),
        ("SECRETKEY", "secret"),
        ("TLS", "false"),
        ("BUCKET", "bucket"),
        ("SKIPVERIFY", "false"),
    ):
        monkeypatch.setenv(f"AWS_S3_{name}", value)
    monkeypatch.delenv("AWS_S3_REGION", raising=False)
    await run(files, sdk)
    assert sorted(bucket.contents.values()) == [b"", b"first"]
