"""Clocks on the screen that move together: one wake-up and one frame for all of them.

A timer of the toolkit is a task of its own; here the event loop calls, and the next call is due at a round time of its
clock, so that all that is due then is called in one turn.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from textual.message_pump import MessagePump


def every(node: MessagePump, seconds: float, callback: Callable[[], Any]) -> None:
    """Call back again and again for as long as ``node`` lives, in step with everything else that is called so.

    What is raised ends the app as it does in a handler of the toolkit.

    Args:
        node: a widget, a screen or the app; it must run already.
        seconds: between two calls; the first one comes as soon as the common beat has reached it.
        callback: what is called; it must not be a coroutine function.
    """
    loop = asyncio.get_running_loop()

    def plan() -> None:
        loop.call_at((loop.time() // seconds + 1) * seconds, beat)

    def beat() -> None:
        if not node.is_running or node._closing or node.app._exit:
            return
        plan()
        try:
            callback()
        except Exception as error:
            node.app._handle_exception(error)

    plan()
