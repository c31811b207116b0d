"""The handlers by message type, and what a handler is told.

A handler is a function of one :class:`Call`, declared with :func:`handles`, that returns the reply's JSON text::

    @handles(GetColony, "get colony", locate=by_colonyname)
    def get_colony(call: Call[GetColony, None]) -> str: ...

Before it runs, the request is read, ``locate`` finds the object and the colony that the request is about, and the
caller's role is checked in that colony. A plain handler runs in one piece, within one change of the database when its
message changes something; a coroutine function looks after its own changes.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from colonies_tui.localserver.access import Caller
from colonies_tui.protocol.request import Request
from colonies_tui.protocol.roles import Role

if TYPE_CHECKING:
    from colonies_tui.localserver.server import LocalServer

Q = TypeVar("Q", bound=Request[Any])
T = TypeVar("T")

Receive = Callable[[], Awaitable[Any]]


async def _never_gone() -> None:
    raise NotImplementedError("this call was not told how its client can go away")


@dataclass(slots=True)
class Call(Generic[Q, T]):
    """One request on its way through a handler."""

    server: LocalServer
    request: Q
    payload: dict[str, Any]
    """The payload as sent, for what the typed request does not tell (which keys were there)."""
    caller: Caller
    found: T
    """What ``locate`` found."""
    receive: Receive = _never_gone
    """Returns when the client is gone; for handlers that wait."""


@dataclass(frozen=True, slots=True)
class Located(Generic[T]):
    """The object that a request is about, and the colony in which the role is checked."""

    colonyname: str
    found: T


@dataclass(frozen=True, slots=True)
class Handler:
    """A handler with what is checked before it runs."""

    message: type[Request[Any]]
    words: str
    """What the message does, after "Failed to" in errors: ``"get colony"``."""
    mismatch_words: str
    """The same where the two message types differ; a real server is not always of one mind."""
    mismatch_name: str
    needed_key: str
    """Key of the object without which the request makes no sense; empty where there is none."""
    needed_words: str
    """The error when it is missing."""
    locate: Callable[[Any, Any], Located[Any]]
    run: Callable[[Call[Any, Any]], str | Awaitable[str]]
    role: Role
    unknown_colony_status: int
    silent_refusal: bool
    """Whether a real server refuses this message with an empty body."""
    waits: bool
    """Whether the handler awaits, and so looks after its own changes of the database."""
    reads_payload: bool
    """Whether the payload is looked at; a real server ignores it in one message."""
    reply_msgtype: str
    """Payload type of the reply."""


HANDLERS: dict[str, Handler] = {}
"""Every handler by the name of its message type."""

OTHER_SPELLINGS: dict[str, Handler] = {}
"""Handlers by names of message types that a real server does not know."""


def handles(
    message: type[Q],
    words: str,
    *,
    locate: Callable[[LocalServer, Q], Located[T]],
    mismatch_words: str = "",
    mismatch_name: str = "msg.MsgType",
    needs: tuple[str, str] = ("", ""),
    unknown_colony_status: int = 403,
    silent_refusal: bool = False,
    waits: bool = False,
    reads_payload: bool = True,
    also_spelled: str = "",
) -> Callable[[Callable[[Call[Q, T]], str | Awaitable[str]]], Callable[[Call[Q, T]], str | Awaitable[str]]]:
    """Declare a function as the handler of a message."""

    def register(
        run: Callable[[Call[Q, T]], str | Awaitable[str]],
    ) -> Callable[[Call[Q, T]], str | Awaitable[str]]:
        handler = HANDLERS[message.msgtype] = Handler(
            message=message,
            words=words,
            mismatch_words=mismatch_words or words,
            mismatch_name=mismatch_name,
            needed_key=needs[0],
            needed_words=needs[1],
            locate=locate,
            run=run,
            role=message.role,
            unknown_colony_status=unknown_colony_status,
            silent_refusal=silent_refusal,
            waits=waits,
            reads_payload=reads_payload,
            reply_msgtype=message.reply_msgtype,
        )
        if also_spelled:
            OTHER_SPELLINGS[also_spelled] = replace(handler, reply_msgtype=also_spelled)
        return run

    return register


def nowhere(server: LocalServer, request: Request[Any]) -> Located[None]:
    """Locate for messages about the whole server."""
    return Located("", None)


def by_colonyname(server: LocalServer, request: Any) -> Located[None]:
    """Locate for messages that name their colony."""
    return Located(request.colonyname, None)
