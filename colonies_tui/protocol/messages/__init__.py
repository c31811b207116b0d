"""Every message type as a declaration, one file per subject (§ Messages). Importing this package fills ``MESSAGES``."""

from colonies_tui.protocol.messages import colony, executor, log, process, subscription, workflow

__all__ = ["colony", "executor", "log", "process", "subscription", "workflow"]
