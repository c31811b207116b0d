"""What still has decisions of the operator on their way when it is left."""

from __future__ import annotations

from typing import Protocol, runtime_checkable


@runtime_checkable
class HoldsDecisions(Protocol):
    """A screen, or what sends for it."""

    def leave(self, reason: str) -> list[str]:
        """Send nothing more; return a sentence for each decision that is not over.

        Args:
            reason: why, in words.
        """
