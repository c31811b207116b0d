"""The pictures: the same bytes every time, without a trace of the machine that makes them."""

from __future__ import annotations

import re
import zlib

import pytest

from colonies_tui.store.recording.reading import read_recording
from tests.make_recording import DEMO_RECORDING, MOST_BYTES, without_this_machine
from tests.screenshots import take


async def test_the_same_recording_gives_the_same_pictures() -> None:
    recording = read_recording(DEMO_RECORDING)
    runs: list[dict[str, str]] = []
    for _ in range(2):
        pictures: dict[str, str] = {}
        await take(recording, "colonies-light", "-light", pictures.__setitem__)
        runs.append(pictures)
    assert runs[0] == runs[1]
    assert set(runs[0]) == {"overview-light", "workflow-graph-light"}
    assert all("Latest" in svg or "Workflow" in svg for svg in runs[0].values())


def test_the_recording_is_small_and_whole_and_holds_nothing_of_the_machine() -> None:
    assert DEMO_RECORDING.stat().st_size <= MOST_BYTES
    recording = read_recording(DEMO_RECORDING)
    assert not recording.is_torn
    assert recording.length > 60_000
    text = zlib.decompress(DEMO_RECORDING.read_bytes(), 31).decode()
    assert without_this_machine(text).count("/tmp/") == text.count("/tmp/") == 0
    assert set(re.findall(r'"env":\{"[^"]*":"([^"]*)"', text)) == {"‹removed›"}


@pytest.mark.parametrize("msgtype", ["getcronsmsg", "getgeneratorsmsg", "getfilesmsg", "channelreadmsg", "getlogsmsg"])
def test_the_recording_holds_what_the_screens_ask_for(msgtype: str) -> None:
    assert msgtype in {request.msgtype for request in read_recording(DEMO_RECORDING).requests}
