"""How often what is asked: one table of intervals, and the bound on all of them together."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self


@dataclass(frozen=True, slots=True)
class Interval:
    """Seconds between two reads of one feed while it is looked at, while it is not, and at the least after a hint."""

    seen: float
    unseen: float
    gap: float = 0.25


@dataclass(frozen=True, slots=True)
class Pace:
    """The console's manners towards a server. All values are seconds unless said otherwise."""

    statistics: Interval = Interval(seen=1.0, unseen=3.0)
    """Counters of the colony: the heartbeat, and cheap (one count query)."""

    executors: Interval = Interval(seen=2.0, unseen=6.0)
    processes: Interval = Interval(seen=5.0, unseen=30.0, gap=0.5)
    """A list of one state; moved counters and events make it due earlier."""

    functions: Interval = Interval(seen=10.0, unseen=120.0)
    users: Interval = Interval(seen=15.0, unseen=300.0)
    colonies: Interval = Interval(seen=5.0, unseen=60.0)
    colony_board: Interval = Interval(seen=2.0, unseen=60.0, gap=0.5)
    """A few of the other colonies of the server; only while somebody looks at them."""

    pause: Interval = Interval(seen=3.0, unseen=6.0)
    server: Interval = Interval(seen=60.0, unseen=60.0)
    strays: Interval = Interval(seen=10.0, unseen=10.0, gap=0.5)
    """Processes that left a list without showing up in another, or of which an event told, are read one by one; hints
    make this due, the interval is only for what was left over.
    """

    open_process: Interval = Interval(seen=2.0, unseen=2.0, gap=0.2)
    watched: Interval = Interval(seen=3.0, unseen=3.0, gap=1.0)
    """Watched processes and workflows, a few in one pass."""

    log: Interval = Interval(seen=0.5, unseen=2.0, gap=0.2)
    quiet_log: float = 2.0
    """Between two reads of a log that has been quiet for a while."""

    share: float = 0.05
    """Largest share of a server's time that one feed may take: a read that took 70 ms is not repeated for 1.4 s."""

    unseen_hint: float = 0.15
    """Share of its unseen interval that must have passed before a hint makes a feed due that nobody looks at."""

    quiet: float = 4.0
    """Largest factor on the interval of what is looked at while nothing happens and events would tell of it; it is
    never read less often than if nobody looked.
    """

    quiet_heartbeat: float = 2.0
    """The same for the heartbeat, in seconds: it is by it that a server is missed that goes silent."""

    unfocused: float = 4.0
    """Factor on every interval while the terminal has not the focus."""

    background: float = 2.0
    """Factor on every interval of a session that is not on the screen; what it shows counts as unseen, too."""

    requests_per_second: float = 20.0
    """Bound on all reads together."""

    background_share: float = 0.25
    """Share of that bound that all sessions together have that are not on the screen."""

    most_sockets: int = 100
    """Bound on open subscriptions."""

    background_sockets: int = 25
    """The same for a session that is not on the screen."""

    subscription_seconds: int = 60
    """How long a subscription is asked for before it is renewed: a lost listener stays registered that long."""

    most_processes: int = 100_000
    """How many processes are remembered; the oldest finished ones are forgotten first."""

    polls: bool = True
    """Whether anything is read because time has passed or something hints at it. Without it feeds are read once, and
    again only when they are urged.
    """

    patience: float = 2.0
    """How long a read may be silent before what it reads counts as stale, and the server as lost where it was the
    heartbeat; longer where answers have been slow.
    """

    recovery: float = 1.5
    """Longest pause between two tries to reach a lost server."""

    def with_limits(
        self, *, counters: float, visible: float, hidden: float, unfocused: float, requests_per_second: float
    ) -> Self:
        """Return this pace with the operator's own seconds for counters and for lists, seen and unseen."""
        return replace(
            self,
            statistics=replace(self.statistics, seen=counters, unseen=max(counters, self.statistics.unseen)),
            processes=replace(self.processes, seen=visible, unseen=hidden),
            executors=replace(self.executors, seen=min(visible, self.executors.seen), unseen=self.executors.unseen),
            unfocused=unfocused,
            requests_per_second=requests_per_second,
        )
