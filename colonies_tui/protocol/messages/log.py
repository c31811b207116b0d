"""Messages about logs (§ Log)."""

from colonies_tui.protocol.errors import UnsafeRequest
from colonies_tui.protocol.models.log import Log
from colonies_tui.protocol.request import Empty, Request, Rows
from colonies_tui.protocol.roles import Role

MAX_LOG_COUNT = 500
"""Most rows of one log reply."""

MAX_SEARCH_COUNT = 100
"""Most rows of one search reply."""

MAX_SEARCH_DAYS = 30
"""How far back a search may look."""


class AddLog(Request[Empty], msgtype="addlogmsg", role=Role.EXECUTOR, changes=True):
    """Write a message to the log of a process that the caller runs; the server stamps it."""

    processid: str
    message: str


class AddExecutorLog(Request[Empty], msgtype="addexecutorlogmsg", role=Role.EXECUTOR, changes=True):
    """Write a message to the caller's own log, tied to no process."""

    colonyname: str
    executorname: str
    message: str


class GetLogs(Request[Rows[Log]], msgtype="getlogsmsg", role=Role.MEMBER):
    """Log rows of one process, or of one executor (which wins), oldest first.

    ``since`` is nanoseconds; rows strictly later are returned. ``latest`` returns the last ``count`` rows instead.
    """

    colonyname: str
    processid: str = ""
    executorname: str = ""
    count: int
    since: int = 0
    latest: bool = False

    def check(self) -> None:
        if not 0 <= self.count <= MAX_LOG_COUNT:
            raise UnsafeRequest(f"one log request returns at most {MAX_LOG_COUNT} rows")


class SearchLogs(Request[Rows[Log]], msgtype="searchlogsmsg", role=Role.MEMBER):
    """Rows whose message holds ``text`` (case-sensitive; ``%`` and ``_`` are wildcards), in no order."""

    colonyname: str
    text: str
    days: int
    count: int

    def check(self) -> None:
        if not (0 <= self.count <= MAX_SEARCH_COUNT and 0 <= self.days <= MAX_SEARCH_DAYS):
            raise UnsafeRequest(
                f"a search looks back {MAX_SEARCH_DAYS} days at most and returns {MAX_SEARCH_COUNT} rows"
            )
