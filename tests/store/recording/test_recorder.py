"""Recording a session at a real server: what is in the file, who may read it, when it ends."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from colonies_tui.client.exchange import Exchange
from colonies_tui.localserver.embedded import running_server
from colonies_tui.localserver.settings import ServerSettings
from colonies_tui.protocol.messages.executor import GetExecutors
from colonies_tui.protocol.models.process import Conditions, FunctionSpec
from colonies_tui.protocol.states import ProcessState
from colonies_tui.store.recording.entries import Answer, Heard, Note, RecordingError
from colonies_tui.store.recording.reading import read_recording
from colonies_tui.store.recording.recorder import Recorder
from tests.store.fake_client import FakeClient
from tests.store.fake_clock import FakeClock
from tests.store.live import colony_at, watched


async def test_a_session_is_recorded_without_secrets(tmp_path: Path) -> None:
    file = tmp_path / "a.ctrec"
    async with running_server(ServerSettings()) as server, colony_at(server) as colony:
        worker = await colony.register("worker")
        async with watched(server.address, colony.name, colony.keys) as w:
            await w.until_loaded()
            w.session.record(file)
            where = Conditions(colonyname=colony.name, executortype="cli")
            spec = FunctionSpec(funcname="work", env={"TOKEN": "tell-nobody-of-this"}, conditions=where)
            submitted = await colony.operator.submit_process(spec=spec)
            w.session.open_process(submitted.processid)
            assigned = await colony.assign()
            await worker.add_log(processid=assigned.processid, message="my token is tell-nobody-of-this")
            tail = w.session.tail(processid=assigned.processid, on_batch=lambda batch: w.woken.set())
            await worker.close_successful(processid=assigned.processid)
            await w.until_state(submitted, ProcessState.SUCCESS)
            await w.until(lambda: tail.last_timestamp > 0)
            w.session.stop_recording()
        keys = [key for key in (colony.keys.member, colony.keys.colony, colony.keys.server) if key is not None]
        text = b"".join(_bytes_of(file))
        assert len(keys) == 3
        for secret in ("tell-nobody-of-this", *(key.reveal() for key in keys)):
            assert secret.encode() not in text
        recording = read_recording(file)
        assert recording.header.identities["member"] == keys[0].identity
        assert recording.header.server == str(server.address)
    assert "‹removed›" in text.decode()
    assert not recording.is_torn
    assert isinstance(recording.entries[-1], Note)
    asked = {request.msgtype for request in recording.requests}
    assert {"getcolonystatsmsg", "getexecutorsmsg", "getprocessesmsg", "getprocessmsg", "getlogsmsg"} <= asked
    assert not any(request.msgtype.startswith("submit") for request in recording.requests)
    assert any(isinstance(entry, Heard) for entry in recording.entries)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def _bytes_of(file: Path) -> list[bytes]:
    recording = read_recording(file)
    texts = [repr(recording.header).encode(), *recording.values]
    texts += [repr(request.payload).encode() for request in recording.requests]
    return texts + [repr(entry).encode() for entry in recording.entries]


async def test_a_recording_that_begins_later_is_whole_from_its_beginning(tmp_path: Path) -> None:
    file = tmp_path / "a.ctrec"
    async with running_server(ServerSettings()) as server, colony_at(server) as colony:
        worker = await colony.register("worker")
        process = await colony.submit()
        await colony.assign()
        for number in range(3):
            await worker.add_log(processid=process.processid, message=f"line {number}")
        async with watched(server.address, colony.name, colony.keys) as w:
            tail = w.session.tail(processid=process.processid, on_batch=lambda batch: w.woken.set())
            await w.until_loaded()
            await w.until(lambda: tail.last_timestamp > 0)
            asked: list[str] = []

            def exchanged(exchange: Exchange) -> None:
                asked.append(exchange.msgtype)
                w.woken.set()

            w.session.client.on_exchange = exchanged
            w.session.record(file)
            await w.until(lambda: asked.count("getlogsmsg") > 1)
            w.session.stop_recording()
        lines = [value for value in read_recording(file).values if b'"line ' in value]
    assert len(lines) == 3


async def test_an_existing_file_is_never_written_over(tmp_path: Path) -> None:
    file = tmp_path / "a.ctrec"
    file.write_text("mine")
    client = FakeClient()
    with pytest.raises(RecordingError, match="exists already"):
        Recorder(file, client, "tiger", FakeClock())
    assert file.read_text() == "mine"
    assert client.witness is None


async def test_a_directory_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="cannot be created: No such file"):
        Recorder(tmp_path / "no" / "a.ctrec", FakeClient(), "tiger", FakeClock())


async def test_it_stops_at_its_bound_and_the_file_says_so(tmp_path: Path) -> None:
    file, client = tmp_path / "a.ctrec", FakeClient()
    recorder = Recorder(file, client, "tiger", FakeClock(), most_bytes=2000)
    request = GetExecutors(colonyname="tiger")
    for number in range(400):
        recorder.answered(request, 0.0, b'[{"executorname":"%064x"}]' % (number * 7**60))
        recorder._write()
    assert recorder.is_over
    assert "stopped at" in recorder.problem
    assert 2000 <= file.stat().st_size < 4000
    recording = read_recording(file)
    assert not recording.is_torn
    last = recording.entries[-1]
    assert isinstance(last, Note)
    assert "has reached" in last.words
    size = file.stat().st_size
    recorder.stop()
    assert file.stat().st_size == size


async def test_what_was_flushed_survives_a_kill(tmp_path: Path) -> None:
    file = tmp_path / "a.ctrec"
    recorder = Recorder(file, FakeClient(), "tiger", FakeClock())
    request = GetExecutors(colonyname="tiger")
    recorder.answered(request, 0.0, b'[{"executorname":"first"}]')
    recorder._write()
    recorder.answered(request, 0.0, b'[{"executorname":"second"}]')
    recording = read_recording(file)  # as a kill at this moment would leave it
    recorder.stop()
    assert recording.is_torn
    assert recording.values == [b'{"executorname":"first"}']
    assert len(read_recording(file).values) == 2


async def test_what_comes_too_fast_is_left_out_and_noted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("colonies_tui.store.recording.recorder.MAX_PENDING_BYTES", 100)
    file = tmp_path / "a.ctrec"
    recorder = Recorder(file, FakeClient(), "tiger", FakeClock())
    for _ in range(10):
        recorder.answered(GetExecutors(colonyname="tiger"), 0.0, b"[]" + b" " * 40)
    recorder.stop()
    entries = read_recording(file).entries
    assert sum(isinstance(entry, Answer) for entry in entries) == 2
    assert [entry.words for entry in entries if isinstance(entry, Note)] == [
        "8 replies came too fast to be written",
        "stopped",
    ]


async def test_a_full_disk_ends_the_recording_and_not_the_session(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended: list[str] = []
    async with running_server(ServerSettings()) as server, colony_at(server) as colony:
        async with watched(server.address, colony.name, colony.keys) as w:
            await w.until_loaded()

            def full(file: int, data: bytes) -> int:
                raise OSError(28, "No space left on device")

            monkeypatch.setattr("colonies_tui.store.recording.recorder.os.write", full)
            recorder = w.session.record(tmp_path / "a.ctrec", on_end=lambda: ended.append("ended"))
            await w.until(lambda: w.session.recorder is None)
            assert w.session.client.witness is None
            submitted = await colony.submit()
            await w.until_state(submitted, ProcessState.WAITING)
        assert "No space left on device" in recorder.problem
        assert ended == ["ended"]
