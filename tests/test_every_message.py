"""Nothing of the protocol is left out: every message of the two documents has all its parts.

The names come from the older protocol document (``tests/wire/document_messages.txt``) and from the recordings of a real
server, one file for each message type.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from colonies_tui.client.messages_as_methods import MessagesAsMethods
from colonies_tui.localserver.embedded import RunningServer
from colonies_tui.localserver.registry import HANDLERS
from colonies_tui.protocol.messages.every import MESSAGES
from tests.cli.conftest import Run, environment, home, invoke, local, variables_of
from tests.client.methods import message_of
from tests.localserver.test_roles import EXPECTED

__all__ = ["environment", "home", "invoke", "local"]

WIRE = Path(__file__).parent / "wire"

OTHER_SPELLINGS = {"removeallsnapshotsmsg": "removeallsnapshotmsg"}
"""Names of the older document under which a real server has no handler."""

WITHOUT_A_HANDLER = {"getnodemsg", "getnodesmsg", "getnodesbylocationmsg"}
"""Names in the source of a real server that it does not answer to."""


def documented() -> set[str]:
    """Return every message type of either source that a real server handles, under its real name."""
    names = set((WIRE / "document_messages.txt").read_text().split())
    names |= {path.stem for path in WIRE.glob("*msg.json")}
    return {OTHER_SPELLINGS.get(name, name) for name in names} - WITHOUT_A_HANDLER


def successful_request(msgtype: str) -> dict[str, Any]:
    """Return a recorded payload to which a real server said yes, or failing that the first one that was an object."""
    cases = json.loads((WIRE / f"{msgtype}.json").read_text())
    # The older document prints some requests with keys that no server knows; those come last.
    cases.sort(
        key=lambda case: (case["http_status"] != 200 or case["reply_error_flag"] is True, "document" in case["case"])
    )
    return next(case["request"] for case in cases if isinstance(case["request"], dict))


def test_nothing_is_declared_that_was_not_recorded_and_the_other_way_round() -> None:
    assert set(MESSAGES) == documented()


@pytest.mark.parametrize("msgtype", sorted(documented()))
def test_every_message_has_a_method_a_handler_a_role_and_a_recording(msgtype: str) -> None:
    kind = MESSAGES[msgtype]
    assert (WIRE / f"{msgtype}.json").exists()
    assert kind.__doc__
    if kind.over_websocket:
        return  # a subscription: tests/client and tests/localserver follow all three
    methods = [method for name, method in vars(MessagesAsMethods).items() if not name.startswith("_")]
    assert kind in map(message_of, methods), "no method of the client"
    assert HANDLERS[msgtype].message is kind
    assert msgtype in EXPECTED, "no row in the table of roles"


async def test_the_list_of_call_holds_every_message(local: RunningServer, invoke: Run) -> None:
    done = await invoke("call", "--list", "--json")
    assert done.code == 0
    listed = {row["msgtype"] for row in json.loads(done.out)}
    assert documented() <= listed


@pytest.mark.parametrize("msgtype", sorted(name for name in documented() if not MESSAGES[name].over_websocket))
async def test_every_message_goes_through_call(local: RunningServer, invoke: Run, tmp_path: Path, msgtype: str) -> None:
    """Ids in recordings mean nothing to this server, so many are refused; none is a mistake of ours."""
    payload = {key: value for key, value in successful_request(msgtype).items() if key != "msgtype"}
    if msgtype == "getserverinfomsg":
        payload = {}
    path = tmp_path / "payload.json"
    path.write_text(json.dumps(payload))
    done = await invoke("call", msgtype, "--json", f"@{path}", env=variables_of(local))
    assert done.code in (0, 1), done.err
    if done.code == 0:
        json.loads(done.out)
    else:
        assert "refused (" in done.err or "not sent:" in done.err, done.err
