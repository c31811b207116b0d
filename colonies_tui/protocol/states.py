"""The protocol's enumerations (§ Enumerations)."""

from __future__ import annotations

from enum import IntEnum


class ProcessState(IntEnum):
    """State of a process and of a process graph."""

    WAITING = 0
    RUNNING = 1
    SUCCESS = 2
    FAILED = 3
    CANCELLED = 4

    @property
    def is_final(self) -> bool:
        """Whether nothing more can happen to a process in this state."""
        return self >= ProcessState.SUCCESS


class ExecutorState(IntEnum):
    """State of an executor's registration."""

    PENDING = 0
    APPROVED = 1
    REJECTED = 2
    UNREGISTERED = 3


class AttributeType(IntEnum):
    """What an attribute of a process is."""

    IN = 0
    OUT = 1
    ERR = 2
    ENV = 3
