"""Every message type as a declaration, one file per subject (§ Messages). Importing this package fills ``MESSAGES``."""

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

__all__ = [
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
