"""Clocks on the screen that move together: one wake-up and one frame for all of them."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from textual.message_pump import MessagePump


def every(node: MessagePump, seconds: float, callback: Callable[[], Any]) -> None:
    """Call back again and again for as long as ``node`` lives, in step with everything else that is called so.

    Args:
        node: a widget, a screen or the app; it must run already.
        seconds: between two calls; the first one comes as soon as the common beat has reached it.
        callback: what is called.
    """

    def begin() -> None:
        node.set_interval(seconds, callback)
        callback()

    node.set_timer(seconds - time.monotonic() % seconds, begin)
