"""Websocket frames as a server sends them: whole, unmasked."""

from __future__ import annotations

import asyncio
import struct
from dataclasses import dataclass

TEXT = 1


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame: what it is, what it holds, and its bytes on the wire."""

    opcode: int
    payload: bytes
    wire: bytes

    @property
    def is_data(self) -> bool:
        """Whether it is no ping, pong or close."""
        return self.opcode < 8


async def read_frame(reader: asyncio.StreamReader) -> Frame:
    """Read one frame.

    Raises:
        asyncio.IncompleteReadError: the connection ended.
    """
    head = await reader.readexactly(2)
    length = head[1] & 0x7F
    more = b""
    if length == 126:
        more = await reader.readexactly(2)
        (length,) = struct.unpack("!H", more)
    elif length == 127:
        more = await reader.readexactly(8)
        (length,) = struct.unpack("!Q", more)
    payload = await reader.readexactly(length)
    return Frame(head[0] & 0x0F, payload, head + more + payload)


def text_frame(payload: bytes) -> bytes:
    """Return the bytes of a frame of text."""
    if len(payload) < 126:
        head = bytes([0x80 | TEXT, len(payload)])
    elif len(payload) < 65536:
        head = bytes([0x80 | TEXT, 126]) + struct.pack("!H", len(payload))
    else:
        head = bytes([0x80 | TEXT, 127]) + struct.pack("!Q", len(payload))
    return head + payload
