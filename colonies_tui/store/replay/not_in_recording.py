"""What a recording answers where it knows nothing."""

from __future__ import annotations

from colonies_tui.protocol.errors import Refused


class NotInRecording(Refused):
    """This is a recording, and nobody asked for that while it was made, or not yet."""

    def __init__(self, message: str) -> None:
        super().__init__(0, message)
        self.args = (message,)
