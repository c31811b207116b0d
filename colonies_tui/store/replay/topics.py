"""What the requests of a recording are about. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from colonies_tui.protocol.messages.channel import ReadChannel, SubscribeChannel
from colonies_tui.protocol.messages.log import GetLogs
from colonies_tui.protocol.messages.process import GetProcess, GetProcesses, GetProcessHistory
from colonies_tui.store.recording.entries import request_key

LOG: Final = GetLogs.msgtype
CHANNEL: Final = frozenset((ReadChannel.msgtype, SubscribeChannel.msgtype))
ONE_PROCESS: Final = GetProcess.msgtype
PROCESS_LISTS: Final = frozenset((GetProcesses.msgtype, GetProcessHistory.msgtype, ONE_PROCESS))
"""Requests whose answers hold processes in full."""

_PAGE: Final = frozenset(("since", "latest", "count", "msgtype"))


def topic_of(msgtype: str, payload: Mapping[str, Any]) -> str:
    """Return what requests share that are answered from the same things: the pages of one log, what is said in one
    channel, and otherwise only equal requests.
    """
    if msgtype == LOG:
        return request_key(msgtype, {name: value for name, value in payload.items() if name not in _PAGE})
    if msgtype in CHANNEL:
        return request_key("channel", {name: payload.get(name) for name in ("processid", "name")})
    return request_key(msgtype, payload)
