"""What can be watched, what is known of it, and the news about it: the values that the rules of watching work on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

MAX_WATCHES: Final = 50
"""Most things that are watched in one colony."""

MAX_NEWS: Final = 200
"""Most news that are kept; the oldest go first."""

MAX_FILTER_ROWS: Final = 5000
"""Most rows of a filter that are told apart; one that lets through more is only counted."""

UNKNOWN: Final = ""
GONE: Final = "gone"
SUCCESS: Final = "success"
FAILED: Final = "failed"
CANCELLED: Final = "cancelled"
WAITING: Final = "waiting"
RUNNING: Final = "running"
BLOCKED: Final = "blocked"
EMPTY: Final = "empty"
WORKING: Final = "working"


class WatchKind(StrEnum):
    """What kind of thing is watched."""

    PROCESS = "process"
    WORKFLOW = "workflow"
    EXECUTOR = "executor"
    QUEUE = "queue"
    FILTER = "filter"


class Event(StrEnum):
    """What happened to something that is watched. The values are what an operator's command is told."""

    STARTED = "started"
    WAITS_AGAIN = "waits-again"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"
    FIRST_FAILURE = "first-failure"
    GONE = "gone"
    REGISTERED = "registered"
    APPROVED = "approved"
    REJECTED = "rejected"
    STALE = "stale"
    BACK = "back"
    BLOCKED = "blocked"
    UNBLOCKED = "unblocked"
    EMPTY = "empty"
    DEEP = "over-limit"
    SHALLOW = "under-limit"
    ENTERED = "entered"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Watch:
    """One thing that is watched. Texts are as the server has them: not cleaned."""

    kind: WatchKind
    id: str
    """Id of the process or workflow, name of the executor, executor type of the queue, key of the filtered list."""
    name: str
    """What it is called."""
    since: float = 0.0
    """When watching began, seconds since 1970."""
    filter_text: str = ""
    limit: int | None = None
    """Depth of a queue above which it is told; ``None`` for none."""

    @property
    def key(self) -> str:
        """What tells it from every other watch."""
        return f"{self.kind}/{self.id}" + (f"?{self.filter_text}" if self.kind is WatchKind.FILTER else "")

    @property
    def subject(self) -> str:
        """What the news are about, in words: a process by its name alone, anything else with its kind."""
        return self.name if self.kind in (WatchKind.PROCESS, WatchKind.FILTER) else f"{self.kind} {self.name}"


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a watched thing, as far as differences are told."""

    word: str = UNKNOWN
    """Its state in a word; empty while it is not known. A queue is blocked, empty or working; a filter has none."""
    at: float | None = None
    """Since when, seconds since 1970; by the server's clock for processes and workflows, by ours for the others."""
    note: str = ""
    """Words about the state: the first error, the first failure, why a queue is blocked. Its change is no news."""
    retries: int = 0
    failure: str = ""
    """Id of the process of a workflow that failed first by itself."""
    identity: str = ""
    """Id of an executor: the same name with another id is another executor."""
    is_over: bool = False
    """Whether a queue is deeper than the limit."""
    count: int = 0
    """Depth of a queue, rows of a filter. Its change is no news."""
    rows: Mapping[str, str] = field(default_factory=dict)
    """Names by id of the rows that a filter lets through; empty when there are too many to be told apart."""

    @property
    def is_known(self) -> bool:
        """Whether anything is known yet."""
        return self.word != UNKNOWN

    @property
    def is_over_with(self) -> bool:
        """Whether a process or workflow has come to its end, or is not there any more."""
        return self.word in (SUCCESS, FAILED, CANCELLED, GONE)


@dataclass(frozen=True, slots=True)
class Absence:
    """A time in which nothing could be seen, seconds since 1970: the link was down, or the console was closed."""

    what: str
    """``link`` or ``console``."""
    since: float
    until: float | None = None
    """``None`` while it lasts."""

    def words(self, now: float) -> tuple[str, float]:
        """Return what was the matter, and for how many seconds."""
        reason = "the link was down" if self.what == "link" else "the console was closed"
        return reason, max(0.0, (now if self.until is None else self.until) - self.since)


@dataclass(frozen=True, slots=True)
class News:
    """One thing that happened to what is watched. Texts are not cleaned."""

    number: int
    """Grows with each."""
    key: str
    """Of the watch."""
    kind: WatchKind
    id: str
    subject: str
    event: Event
    words: str
    """What happened, as it follows the subject: ``failed: exit 137``."""
    at: float
    """When it was seen, seconds since 1970."""
    away: str = ""
    """``the link was down`` when it happened while nothing could be seen."""
    away_seconds: float = 0.0

    @property
    def sentence(self) -> str:
        """Subject and what happened."""
        return f"{self.subject}{':' if self.kind is WatchKind.FILTER else ''} {self.words}"


@dataclass(frozen=True, slots=True)
class Watched:
    """A watch as its list shows it."""

    watch: Watch
    standing: Standing
    latest: News | None = None
    is_away: bool = False
    """It has not been seen since the link was down, or since the console was closed."""
