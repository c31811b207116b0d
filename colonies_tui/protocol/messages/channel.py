"""Messages about the channels of a process; the caller started the process or runs it (§ Channels)."""

import base64
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from colonies_tui.protocol.errors import UnsafeRequest
from colonies_tui.protocol.messages.subscription import check_duration
from colonies_tui.protocol.model import Optional
from colonies_tui.protocol.models.channel import ChannelEntry
from colonies_tui.protocol.request import Empty, Request, Rows
from colonies_tui.protocol.roles import Role

MAX_PAYLOAD_BYTES = 10 * 1024 * 1024
"""Largest entry."""


def _read_bytes(value: Any) -> Any:
    """Read ``null`` and a list of byte values too, as a real server does and the Python SDK needs."""
    if value is None:
        return ""
    if isinstance(value, list) and all(type(number) is int and 0 <= number <= 255 for number in value):
        return base64.b64encode(bytes(value)).decode("ascii")
    return value


Base64 = Annotated[str, BeforeValidator(_read_bytes)]
"""Bytes as base64."""


class AppendToChannel(Request[Empty], msgtype="channelappendmsg", role=Role.MEMBER, changes=True):
    """Append an entry; ``sequence`` is the caller's own count, ``content`` (``payload`` on the wire) base64."""

    processid: str
    name: str
    sequence: int
    inreplyto: int = 0
    content: Base64 = Field(default="", alias="payload")
    payloadtype: Optional[str] = None

    def check(self) -> None:
        if len(self.content) * 3 // 4 > MAX_PAYLOAD_BYTES:
            raise UnsafeRequest("an entry of a channel holds at most 10 MiB")


class ReadChannel(Request[Rows[ChannelEntry]], msgtype="channelreadmsg", role=Role.MEMBER):
    """Entries after the first ``afterseq`` ones (a position, not a sequence number); ``limit`` 0 for all."""

    processid: str
    name: str
    afterseq: int = 0
    limit: int = 0


class SubscribeChannel(Request[Rows[ChannelEntry]], msgtype="subscribechannelmsg", role=Role.MEMBER, socket=True):
    """Entries as they come, those that exist first. At the end of ``timeout`` one empty list; the socket stays open.

    When the process ends, nothing more comes and nothing says so. ``afterseq`` is a position, as in
    :class:`ReadChannel`.
    """

    processid: str
    name: str
    afterseq: int = 0
    timeout: int

    def check(self) -> None:
        check_duration(self.timeout)
