"""Who is told when a process enters a state (§ Pubsub delivery).

Normally every listener is told, within the colonies in which it is a member, and executors' long polls are no part of
this. With ``round_robin``, as on a real server, general listeners and long polls stand in one ring and each event goes
to exactly one of them; colonies are not told apart, and a listener that is gone still swallows one event.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from colonies_tui.localserver.envelopes import reply_envelope
from colonies_tui.localserver.records.process import ProcessRecord
from colonies_tui.protocol.messages.subscription import PROCESS_EVENT

Render = Callable[[ProcessRecord], str]


@dataclass(eq=False, slots=True)
class Listener:
    """Somebody who waits for events; compared by identity."""

    state: int
    deliver: Callable[[str], None]
    """Takes the envelope of an event."""
    executortype: str = ""
    processid: str = ""
    """The one process that this is about; empty for any of the type."""
    colonynames: frozenset[str] | None = None
    """Colonies whose events may be seen; ``None`` where they are not told apart."""
    locationname: str = ""
    gone: bool = field(default=False)
    """Whether nobody hears any more; such a listener leaves the ring with the next event that it swallows."""

    @property
    def target(self) -> str:
        """What a real server matches events with: joined text."""
        return f"{self.executortype}{self.state}{self.locationname}"


class PubSub:
    """Listeners and the delivery of events to them."""

    def __init__(self, *, round_robin: bool, render: Render) -> None:
        self._round_robin = round_robin
        self._render = render
        self._of_process: dict[str, list[Listener]] = {}
        self._general: list[Listener] = []
        self._turns: dict[str, int] = {}

    def add(self, listener: Listener) -> None:
        """Begin to tell a listener."""
        if listener.processid:
            self._of_process.setdefault(listener.processid, []).append(listener)
        else:
            self._general.append(listener)

    def discard(self, listener: Listener) -> None:
        """Stop telling a listener."""
        if not listener.processid:
            if listener in self._general:
                self._general.remove(listener)
            return
        listeners = self._of_process.get(listener.processid, [])
        if listener in listeners:
            listeners.remove(listener)
        if not listeners:
            self._of_process.pop(listener.processid, None)

    def publish(self, process: ProcessRecord) -> None:
        """Tell that a process entered the state that it is in."""
        told = [
            listener
            for listener in self._of_process.get(process.processid, ())
            if listener.state == process.state and listener.executortype in ("", process.executortype)
        ]
        told += self._next_in_turn(process) if self._round_robin else self._every_observer(process)
        if told:
            envelope = reply_envelope(PROCESS_EVENT, self._render(process))
            for listener in told:
                listener.deliver(envelope)

    def tell_now(self, listener: Listener, process: ProcessRecord) -> None:
        """Tell one listener of a process as it is."""
        listener.deliver(reply_envelope(PROCESS_EVENT, self._render(process)))

    @property
    def listener_count(self) -> int:
        """Number of listeners, those that are gone but not yet forgotten included."""
        return len(self._general) + sum(len(listeners) for listeners in self._of_process.values())

    @property
    def gone_count(self) -> int:
        """Number of listeners that are gone but not yet forgotten."""
        return sum(listener.gone for listener in self._general)

    def _every_observer(self, process: ProcessRecord) -> Iterable[Listener]:
        return [
            listener
            for listener in self._general
            if listener.state == process.state
            and listener.executortype == process.executortype
            and (listener.colonynames is None or process.colonyname in listener.colonynames)
        ]

    def _next_in_turn(self, process: ProcessRecord) -> Iterable[Listener]:
        target = f"{process.executortype}{process.state}{process.locationname}"
        ring = [
            listener
            for listener in self._general
            if listener.target == target or (not process.locationname and listener.target.startswith(target))
        ]
        if not ring:
            return []
        turn = self._turns.get(target, 0)
        self._turns[target] = turn + 1
        chosen = ring[turn % len(ring)]
        if not chosen.gone:
            return [chosen]
        self._general.remove(chosen)
        return []
