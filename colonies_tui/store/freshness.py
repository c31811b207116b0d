"""How sure a pane may be of what it shows: loading, fresh, stale and forbidden are four different things."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

from colonies_tui.protocol.errors import ColoniesError, KeyMissing, NotAllowed, NotReached, OutcomeUnknown


class Condition(Enum):
    """What can be said of a resource's rows."""

    LOADING = "loading"
    """Nothing has been answered yet."""
    FRESH = "fresh"
    """The last answer succeeded."""
    STALE = "stale"
    """There were rows once; since then the server does not answer, or answers with an error."""
    FORBIDDEN = "forbidden"
    """This profile's key may not read it, or has no key for it."""
    FAILED = "failed"
    """There never were rows, and the last answer was an error."""


@dataclass(frozen=True, slots=True)
class Freshness:
    """The condition of a resource, since when, and why.

    ``loaded_at`` is when rows last came (seconds since 1970); ``error`` is what the last request raised.
    """

    condition: Condition = Condition.LOADING
    loaded_at: float | None = None
    error: ColoniesError | None = None

    def succeeded(self, now: float) -> Freshness:
        """Return the freshness after an answer."""
        return Freshness(Condition.FRESH, now, None)

    def failed(self, error: ColoniesError) -> Freshness:
        """Return the freshness after a failure; rows that came earlier stay, marked stale.

        A missing answer says nothing about what is allowed: what was forbidden stays so.
        """
        if isinstance(error, NotAllowed | KeyMissing):
            return replace(self, condition=Condition.FORBIDDEN, error=error)
        if self.condition is Condition.FORBIDDEN and isinstance(error, NotReached | OutcomeUnknown):
            return self
        condition = Condition.STALE if self.loaded_at is not None else Condition.FAILED
        return replace(self, condition=condition, error=error)

    def differs_from(self, other: Freshness) -> bool:
        """Whether the two say different things to a reader; only the time of the last answer is no difference."""
        return self.condition is not other.condition or _words(self.error) != _words(other.error)

    @property
    def can_show_rows(self) -> bool:
        """Whether rows, even old ones, are there to be shown."""
        return self.condition in (Condition.FRESH, Condition.STALE)


def _words(error: ColoniesError | None) -> tuple[object, str] | None:
    return None if error is None else (type(error), str(error))
