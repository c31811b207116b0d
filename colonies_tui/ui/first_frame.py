"""When a screen has really been painted: what loads code or keeps the event loop busy comes after that."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

from textual.screen import Screen

FIRST_FRAME_SECONDS = 1.0
"""Longest wait for the first frame of a screen: one that is taken away meanwhile is never painted."""


async def until_painted(screen: Screen[Any]) -> None:
    """Wait until a new screen has been painted."""
    with suppress(TimeoutError):
        async with asyncio.timeout(FIRST_FRAME_SECONDS):
            holds_back = True
            while holds_back:
                # Panes are mounted in batches, within which nothing is painted; Textual tells of them nowhere else.
                holds_back = screen.app._batch_count > 0
                painted = asyncio.Event()
                screen.call_after_refresh(painted.set)
                await painted.wait()
