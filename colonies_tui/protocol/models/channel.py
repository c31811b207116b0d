"""Channels: append-only logs between a process and whoever started it (§ Channel entry)."""

from colonies_tui.protocol.model import Int, Model, Optional
from colonies_tui.protocol.times import Time


class ChannelEntry(Model):
    """One entry. ``payload`` is base64; ``type`` is ``data``, ``end`` or ``error``."""

    sequence: Int = 0
    inreplyto: Optional[Int] = None
    timestamp: Time = None
    senderid: str = ""
    payload: str = ""
    type: Optional[str] = None
    error: Optional[str] = None
