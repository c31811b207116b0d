"""Messages over the websocket (§ Websocket, Process subscriptions, Pubsub delivery).

No acknowledgement is sent. When ``timeout`` seconds have passed, the server drops the connection without a close frame.
Events of both kinds carry :data:`PROCESS_EVENT` and one whole process, whose content may be stale.
"""

from colonies_tui.protocol.errors import UnsafeRequest
from colonies_tui.protocol.models.process import Process
from colonies_tui.protocol.request import Request
from colonies_tui.protocol.roles import Role
from colonies_tui.protocol.states import ProcessState

PROCESS_EVENT = "subscribeprocessmsg"
"""Payload type of every process event."""

MAX_SUBSCRIPTION_SECONDS = 3600
"""Longest subscription that the client asks for: a lost listener stays registered that long."""


def check_duration(seconds: int) -> None:
    """Refuse a subscription that would end at once, or outlive a lost client for too long.

    Raises:
        UnsafeRequest: with the bounds.
    """
    if not 1 <= seconds <= MAX_SUBSCRIPTION_SECONDS:
        raise UnsafeRequest(f"a subscription lasts between 1 and {MAX_SUBSCRIPTION_SECONDS} seconds")


class SubscribeProcess(Request[Process], msgtype="subscribeprocessmsg", role=Role.ANYBODY, socket=True):
    """Tell when one process enters a state, at once if it is in it already; every listener is told."""

    colonyname: str = ""
    processid: str
    executortype: str = ""
    state: ProcessState
    timeout: int

    def check(self) -> None:
        check_duration(self.timeout)


class SubscribeProcesses(
    Request[Process], msgtype="subscribeprocessesmsg", role=Role.ANYBODY, reply_msgtype=PROCESS_EVENT, socket=True
):
    """Tell when any process of a type enters a state. On a real server the caller must be an executor, and each event
    goes to *one* listener, executors' long polls included: never subscribe to waiting processes there.
    """

    colonyname: str = ""
    executortype: str
    state: ProcessState
    timeout: int

    def check(self) -> None:
        check_duration(self.timeout)
