"""Importing this fills ``MESSAGES``."""

from __future__ import annotations

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
    subscription,
    workflow,
)
from colonies_tui.protocol.request import MESSAGES

__all__ = [
    "MESSAGES",
    "blueprint",
    "channel",
    "colony",
    "executor",
    "file",
    "location",
    "log",
    "process",
    "schedule",
    "subscription",
    "workflow",
]
