"""One file of handlers per subject. Importing this package fills :data:`colonies_tui.localserver.registry.HANDLERS`."""

from colonies_tui.localserver.handlers import (
    attributes,
    children,
    closing,
    colonies,
    executors,
    functions,
    logs,
    pause,
    processes,
    server,
    users,
    workflows,
)

__all__ = [
    "attributes",
    "children",
    "closing",
    "colonies",
    "executors",
    "functions",
    "logs",
    "pause",
    "processes",
    "server",
    "users",
    "workflows",
]
