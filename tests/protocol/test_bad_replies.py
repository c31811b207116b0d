"""What a model cannot hold is refused with the name of the field, for the reply of every message, and nothing else."""

from __future__ import annotations

import base64
import functools
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from colonies_tui.protocol.envelope import open_reply, read_reply
from colonies_tui.protocol.errors import NotDecodable
from colonies_tui.protocol.messages.every import MESSAGES
from colonies_tui.protocol.messages.process import GetProcesses
from colonies_tui.protocol.models.process import Process, ProcessRow
from colonies_tui.protocol.request import Rows
from tests.hostile.contents import DEEP, LONE_SURROGATES
from tests.hostile.filling import HostileColony

COLONY = HostileColony(1_790_000_000.0, plain_kinds=True)
ANSWERED = sorted(name for name in MESSAGES if COLONY.reply(MESSAGES[name], {"state": 0}) not in ({}, []))
"""Messages whose reply has fields."""

BAD: tuple[str, ...] = (
    *(
        "1" + "0" * 400,
        "-9223372036854775809",
        "18446744073709551616",
        "1e999",
        "-1e400",
        "NaN",
        "Infinity",
        "-Infinity",
    ),
    *("null", "true", '""', '"x"', "[]", "{}", "[[1]]", '{"a": []}', "1.5", "0", "-1", "99"),
    *('"0000-01-01T00:00:00Z"', '"10000-01-01T00:00:00Z"', '"9999-12-31T23:59:59-14:00"', '"2026-02-30T00:00:00Z"'),
    *('"0001-01-01T00:00:00+23:59"', '"2026-01-01T00:00:00+99:99"', '"-0001-01-01T00:00:00Z"', '"' + "9" * 5000 + '"'),
)
"""JSON texts of what somebody might write anywhere."""

Place = tuple[str | int, ...]


def places(value: Any, at: Place = ()) -> Iterator[Place]:
    """Return the way to everything in a JSON value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in inner:
        yield (*at, key)
        yield from places(item, (*at, key))


def replaced(value: Any, at: Place, text: str) -> str:
    """Return the JSON text of a value with one part replaced by a JSON text."""
    mark = "@@here@@"
    copy = json.loads(json.dumps(value))
    part = functools.reduce(lambda inner, key: inner[key], at[:-1], copy)
    part[at[-1]] = mark
    return json.dumps(copy).replace(json.dumps(mark), text)


def adapters(msgtype: str) -> list[TypeAdapter[Any]]:
    kind = MESSAGES[msgtype]
    return [kind.reply_adapter(), *([TypeAdapter(Rows[ProcessRow])] if kind is GetProcesses else [])]


def read(msgtype: str, text: str, adapter: TypeAdapter[Any]) -> Any:
    payload = base64.b64encode(text.encode("utf-8", "surrogatepass")).decode()
    body = json.dumps({"payloadtype": MESSAGES[msgtype].reply_msgtype, "payload": payload, "error": False})
    return read_reply(open_reply(body), adapter, msgtype=msgtype)


@functools.cache
def honest(msgtype: str) -> tuple[Any, tuple[Place, ...]]:
    reply = COLONY.reply(MESSAGES[msgtype], {"state": 0})
    reply = reply[:2] if isinstance(reply, list) else reply
    return reply, tuple(places(reply))


@pytest.mark.parametrize("msgtype", ANSWERED)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_wrong_value_anywhere_is_held_or_refused_by_name(msgtype: str, data: st.DataObject) -> None:
    reply, ways = honest(msgtype)
    at = data.draw(st.sampled_from(ways))
    text = replaced(reply, at, data.draw(st.sampled_from(BAD)))
    for adapter in adapters(msgtype):
        refusal = ""
        refusal = ""
        try:
            value = read(msgtype, text, adapter)
        except NotDecodable as error:
            refusal = str(error)
        if refusal:
            assert msgtype in refusal
            named = refusal.removeprefix(f"{msgtype}: ").split(": ")[0].split(".")
            assert any(str(key) in named for key in at) or len(at) == 1, (refusal, at)
        else:
            for row in value if isinstance(value, tuple) else ():
                if isinstance(row, Process):
                    assert ProcessRow.of(row).processid == row.processid
            adapter.dump_json(value)  # what was held can be said again


@pytest.mark.parametrize("msgtype", ANSWERED)
@pytest.mark.parametrize("wrong", ["deep", "deep value", "surrogates", "not utf-8", "cut"])
def test_a_reply_that_is_no_json_we_read_is_refused(msgtype: str, wrong: str) -> None:
    reply, ways = honest(msgtype)
    deep = "[" * DEEP + "]" * DEEP
    text = {
        "deep": deep,
        "deep value": replaced(reply, ways[0], deep),
        "surrogates": replaced(reply, ways[0], json.dumps(LONE_SURROGATES)),
        "not utf-8": replaced(reply, ways[0], f'"{LONE_SURROGATES}"'),
        "cut": json.dumps(reply)[:-3],
    }[wrong]
    for adapter in adapters(msgtype):
        with pytest.raises(NotDecodable, match=msgtype):
            read(msgtype, text, adapter)


@pytest.mark.parametrize("levels", [100, DEEP, 200_000])
def test_an_envelope_that_is_nested_without_end_is_refused(levels: int) -> None:
    for body in (
        "[" * levels,
        '{"payload":' * levels,
        '{"payload":"e30=","error":' + "[" * levels + "]" * levels + "}",
    ):
        try:
            open_reply(body)
        except NotDecodable:
            continue
        assert levels == 100
