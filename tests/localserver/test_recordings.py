"""The local server against exchanges with a real one: same request, comparable situation, comparable answer.

Compared are the HTTP status, the reply's type and error flag, the words of an error, and the shape of a reply: its
keys, the kinds of its values, and where a list is ``null``.
"""

from __future__ import annotations

import asyncio
import base64
import json
import re
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from colonies_tui.protocol.envelope import open_reply
from colonies_tui.protocol.messages import (
    blueprint,
    channel,
    colony,
    executor,
    file,
    location,
    log,
    process,
    schedule,
    workflow,
)
from colonies_tui.protocol.messages.every import MESSAGES
from tests.localserver.file_stages import FILE_STAGES, prepare_files
from tests.localserver.harness import Harness, harness, until
from tests.localserver.stages import Case, Stage, cases_of, prepare
from tests.localserver.workflow_stages import is_about_workflows, prepare_workflows

SUBJECTS = (blueprint, channel, colony, executor, file, location, log, process, schedule, workflow)
"""Modules of the messages whose situations are made here."""

UNKNOWN = ("getnodemsg", "getnodesmsg", "getnodesbylocationmsg", "removeallsnapshotsmsg")
"""Names in the source or the document of a real server that it does not handle."""

CASES = [
    case
    for msgtype, message in sorted(MESSAGES.items())
    if message.__module__ in {subject.__name__ for subject in SUBJECTS}
    for case in cases_of(msgtype)
] + [case for msgtype in UNKNOWN for case in cases_of(msgtype)]


@dataclass(frozen=True)
class Excuse:
    """Where the local server answers otherwise, and why that is meant."""

    msgtype: str
    case: str
    """Pattern of the case."""
    differs: str
    """What differs: status, type, flag, words, shape."""
    reason: str


OTHER_WORDS = "the words of a library that is not ours"
BETTER_WORDS = "a real server speaks of something else here"

EXCUSES = [
    Excuse(".*", r"bad signature \(65 zero bytes\)", "words", OTHER_WORDS),
    Excuse("submitfuncspecmsg", "bad mem string", "words", OTHER_WORDS),
    Excuse("addattributemsg", "same key again", "words", OTHER_WORDS),
    Excuse("getprocessesmsg", "count -1", "words", OTHER_WORDS),
    Excuse("getlogsmsg", "count -1", "type flag", "a real server writes two envelopes into one body"),
    Excuse("assignprocessmsg", ".*kills the server", "status words", "ours does not die of it"),
    Excuse("changeuseridmsg", "malformed JSON in payload", "words", BETTER_WORDS),
    Excuse("changeserveridmsg", "(malformed JSON in payload|msgtype != payloadtype)", "words", BETTER_WORDS),
    Excuse("(addfilemsg|getfilemsg)", "malformed JSON in payload", "words", BETTER_WORDS),
    Excuse("addblueprintdefinitionmsg", "duplicate", "words", OTHER_WORDS),
    Excuse("submitworkflowspecmsg", "malformed JSON in payload", "words", "a real server misspells a word"),
    Excuse("getprocessgraphsmsg", "state (5|-1)", "words", "ours says which message it is about"),
    Excuse("getprocessgraphsmsg", "count -1", "words", OTHER_WORDS),
    Excuse("addcronmsg", "5-field expression.*|bad expression", "words", OTHER_WORDS),
    Excuse("addcronmsg|addgeneratormsg", "bad workflowspec", "words", OTHER_WORDS),
    Excuse("getprocesshistmsg", "state 5", "status type flag", "there is no such state"),
]


def excused(case: Case) -> set[str]:
    return {
        difference
        for excuse in EXCUSES
        if re.fullmatch(excuse.msgtype, case.msgtype) and re.fullmatch(excuse.case, case.case)
        for difference in excuse.differs.split()
    }


FREE_KEYS = ("kwargs", "env")
"""Objects whose keys are whatever the sender chose."""


def shape(value: Any) -> Any:
    """Return the kinds of values: names of scalars, keys of objects, kinds of the items of a list."""
    if isinstance(value, dict):
        return {key: "object" if key in FREE_KEYS else shape(item) for key, item in value.items()}
    if isinstance(value, list):
        return [shape(item) for item in value]
    if isinstance(value, int | float) and not isinstance(value, bool):
        return "number"
    return type(value).__name__


def same_shape(recorded: Any, ours: Any, path: str = "") -> list[str]:
    """Return where two shapes differ. Lists may be of different length, but not one empty and of unknown kind."""
    if isinstance(recorded, dict) and isinstance(ours, dict):
        missing = [f"{path}.{key}" for key in recorded.keys() ^ ours.keys()]
        return missing + [
            difference
            for key in recorded.keys() & ours.keys()
            for difference in same_shape(recorded[key], ours[key], f"{path}.{key}")
        ]
    if isinstance(recorded, list) and isinstance(ours, list):
        if recorded and ours and isinstance(recorded[0], dict):
            return same_shape(recorded[0], ours[0], f"{path}[0]")
        return []
    return [] if recorded == ours else [f"{path}: {recorded} became {ours}"]


def words(reply: Any) -> str:
    """Return the message of an error, with ids made alike."""
    return re.sub(r"[0-9a-f]{64}", "<id>", reply["message"])


async def send(stage: Stage, case: Case) -> httpx.Response:
    """Send a recorded request; an assign that waits is given its time."""
    request, key = stage.request(case), stage.key(case.key)
    text = request if isinstance(request, str) else json.dumps(request, ensure_ascii=False)
    payload = base64.b64encode(text.encode()).decode()
    signature = key.sign(payload) if key else ""
    if case.case.startswith("bad signature"):
        signature = "00" * 65 if "zero" in case.case else "z" * 130
    elif case.case.startswith("no signature"):
        signature = ""
    body = json.dumps({"payloadtype": case.msgtype, "payload": payload, "signature": signature})
    sending = asyncio.create_task(stage.bench.http.post("/api", content=body))
    await until(lambda: sending.done() or stage.bench.server.queue.waiting_executors > 0)
    stage.bench.clock.advance(2)
    return await sending


def differences(case: Case, response: httpx.Response) -> dict[str, str]:
    """Return what differs between the recorded answer and ours."""
    found = {}
    if response.status_code != case.status:
        found["status"] = f"{case.status} became {response.status_code}"
    if not response.content:
        if case.payloadtype is not None or case.reply != "":
            found["type"] = f"{case.payloadtype} became nothing"
        return found
    reply = open_reply(response.content)
    content = json.loads(reply.payload)
    if reply.payloadtype != case.payloadtype:
        found["type"] = f"{case.payloadtype} became {reply.payloadtype}"
    if reply.error != case.is_error:
        found["flag"] = f"{case.is_error} became {reply.error}"
    elif reply.error:
        if content["status"] != case.reply["status"]:
            found["status"] = f"{case.reply['status']} became {content['status']}"
        if words(content) != words(case.reply):
            found["words"] = f"{words(case.reply)!r} became {words(content)!r}"
    else:
        other = same_shape(shape(case.reply), shape(content))
        if other:
            found["shape"] = "; ".join(other)
    return found


async def prepare_any(case: Case, bench: Harness) -> Stage:
    """Bring a server into the situation of a recording, whatever it is about."""
    if is_about_workflows(case):
        return await prepare_workflows(case, bench)
    if case.msgtype in FILE_STAGES:
        return await prepare_files(case, bench)
    return await prepare(case, bench)


@pytest.mark.parametrize("case", CASES, ids=str)
async def test_the_answer_is_comparable(case: Case) -> None:
    async with harness(real_quirks=True, allow_reregister=True, user_name="myuser") as bench:
        stage = await prepare_any(case, bench)
        found = differences(case, await send(stage, case))
    assert found.keys() == excused(case), found


def test_every_excuse_is_needed() -> None:
    for excuse in EXCUSES:
        assert any(
            re.fullmatch(excuse.msgtype, case.msgtype) and re.fullmatch(excuse.case, case.case) for case in CASES
        ), excuse
