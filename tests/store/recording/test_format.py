"""The format of a recording: what is written is read again, torn where it may be."""

from __future__ import annotations

import json
import zlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from colonies_tui.protocol.keyring import Keyring
from colonies_tui.protocol.messages.colony import GetColonyStatistics, GetVersion
from colonies_tui.protocol.messages.process import GetProcesses
from colonies_tui.protocol.states import ProcessState
from colonies_tui.store.recording.entries import Answer, Failure, Heard, LinkChange, Note, RecordingError
from colonies_tui.store.recording.reading import parse_recording, read_recording
from colonies_tui.store.recording.removal import Removal
from colonies_tui.store.recording.writing import RecordingWriter
from tests.store.recording.making import HEADER, KEYS, Made, replies

names = st.text(max_size=8).filter(lambda name: "env" not in name.casefold())
json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=4),
    max_leaves=12,
)
steps = st.lists(
    st.tuples(
        st.sampled_from(["a", "e", "h", "l", "n"]), st.integers(0, 10**7), st.integers(0, 5000), json_values, st.text()
    ),
    max_size=12,
)


def write(entries: list[Any]) -> tuple[bytes, list[Any]]:
    """Write entries; return the text, and what must be read."""
    writer = RecordingWriter(HEADER, Removal(Keyring()))
    expected: list[Any] = []
    for kind, at, took, value, words in entries:
        asks = {"colonyname": words, "msgtype": "m"}
        match kind:
            case "a":
                writer.answer(at, at - took, "m", asks, json.dumps(value).encode())
                expected.append((Answer, at, at - took, words, value))
            case "e":
                writer.failure(at, at - took, "m", asks, "Refused", 403, words)
                expected.append((Failure, at, at - took, words, (403, words)))
            case "h":
                writer.heard(at, "m", asks, value, took)
                expected.append((Heard, at, took, words, value))
            case "l":
                writer.link(at, "m", asks, words)
                expected.append((LinkChange, at, None, words, words))
            case _:
                writer.note(at, words)
                expected.append((Note, at, None, None, words))
    return writer.take(), expected


def read(text: bytes) -> list[Any]:
    recording = parse_recording(text)
    found: list[Any] = []
    for entry in recording.entries:
        words = None if isinstance(entry, Note) else recording.requests[entry.request].payload["colonyname"]
        match entry:
            case Answer():
                found.append((Answer, entry.at, entry.asked, words, json.loads(recording.text(entry.values))))
            case Failure():
                found.append((Failure, entry.at, entry.asked, words, (entry.status, entry.words)))
            case Heard():
                found.append((Heard, entry.at, entry.position, words, json.loads(recording.text(entry.value))))
            case LinkChange():
                found.append((LinkChange, entry.at, None, words, entry.words))
            case Note():
                found.append((Note, entry.at, None, None, entry.words))
    return found


@given(steps)
def test_what_is_written_is_read(entries: list[Any]) -> None:
    text, expected = write(entries)
    assert read(text) == expected


@given(steps, st.data())
def test_a_torn_text_is_read_up_to_the_tear(entries: list[Any], data: st.DataObject) -> None:
    text, expected = write(entries)
    end = data.draw(st.integers(text.index(b"\n") + 1, len(text)))
    found = read(text[:end])
    assert found == expected[: len(found)]
    assert parse_recording(text[:end]).is_torn is (text[end - 1 : end] != b"\n")
    assert end < len(text) or len(found) == len(expected)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_recording_or_are_refused(noise: bytes) -> None:
    head = write([])[0]
    assert parse_recording(head + noise).header.colony == "tiger"
    with pytest.raises(RecordingError, match="not a recording"):
        parse_recording(b"x" + noise)


@given(st.binary(min_size=1, max_size=40), st.data())
def test_a_damaged_file_never_breaks_the_reader(
    tmp_path_factory: pytest.TempPathFactory, damage: bytes, data: st.DataObject
) -> None:
    text, expected = write([("h", number, 0, {"number": number}, "w") for number in range(50)])
    packed = zlib.compress(text, 6, 31)
    place = data.draw(st.integers(0, len(packed)))
    file = tmp_path_factory.getbasetemp() / "damaged.ctrec"
    file.write_bytes(packed[:place] + damage + packed[place:])
    try:
        recording = read_recording(file)
    except RecordingError:
        return
    assert len(recording.entries) <= len(expected)


def test_a_value_is_written_once_wherever_it_comes_again() -> None:
    request = GetProcesses(colonyname="tiger", count=100, state=ProcessState.RUNNING)
    rows = [{"processid": f"{number:064x}", "name": "x" * 100} for number in range(100)]
    made = Made().answer(0, request, rows)
    first = len(made.text)
    made.answer(1000, request, rows).answer(2000, request, [*rows[1:], {"processid": "new"}])
    assert len(made.text) - first < 1500
    assert replies(made.done())[2] == [*rows[1:], {"processid": "new"}]


def test_equal_requests_are_written_once_and_named_alike() -> None:
    made = Made()
    for at in range(3):
        made.answer(at, GetColonyStatistics(colonyname="tiger"), {"executors": at}).answer(at, GetVersion(), {})
    assert [request.msgtype for request in made.done().requests] == ["getcolonystatsmsg", "versionmsg"]


def test_a_newer_version_is_refused_with_words(tmp_path: Path) -> None:
    text = write([])[0].replace(b'"version":1', b'"version":2')
    file = tmp_path / "new.ctrec"
    file.write_bytes(zlib.compress(text, 6, 31))
    with pytest.raises(RecordingError, match=r"new\.ctrec was made by a newer colonies-tui"):
        read_recording(file)


def test_entries_of_a_kind_that_is_not_known_are_passed_over() -> None:
    made = Made().answer(0, GetVersion(), {"buildversion": "1"})
    text = made.text + b'["w",5,"weather"]\n' + b'["n",9,"the end"]\n'
    recording = parse_recording(text)
    assert [type(entry) for entry in recording.entries] == [Answer, Note]
    assert not recording.is_torn


@pytest.mark.parametrize("line", [b'["a",1,0,7,0]', b'["a",1,0,0,99]', b'["h",1,0,-1,0]', b'["a",1,0,0,[0,99]]'])
def test_what_names_something_unknown_ends_the_recording(line: bytes) -> None:
    made = Made().answer(0, GetVersion(), {"buildversion": "1"})
    recording = parse_recording(made.text + line + b'\n["n",9,"never read"]\n')
    assert len(recording.entries) == 1
    assert recording.is_torn


def test_no_key_stands_in_a_recording_even_where_a_log_repeats_it() -> None:
    assert KEYS.member is not None
    made = Made().answer(0, GetVersion(), {"buildversion": f"key {KEYS.member.reveal()} printed"})
    assert KEYS.member.reveal().encode() not in made.text
    assert replies(made.done()) == [{"buildversion": "key ‹removed› printed"}]
