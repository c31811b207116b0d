"""A client of one Colonies server: everything that can be asked of it, over HTTP and over websockets."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from colonies_tui.client.messages_as_methods import MessagesAsMethods
from colonies_tui.client.request_sender import RequestSender
from colonies_tui.protocol.crypto import PrivateKey
from colonies_tui.protocol.errors import ColoniesError
from colonies_tui.protocol.messages.process import GetProcesses, GetProcessHistory
from colonies_tui.protocol.messages.subscription import SubscribeProcess, SubscribeProcesses
from colonies_tui.protocol.model import Model
from colonies_tui.protocol.models.process import ProcessRow
from colonies_tui.protocol.request import Request, Rows

if TYPE_CHECKING:
    from colonies_tui.client.listening import Event, Listening, OnLinkState
    from colonies_tui.protocol.messages.channel import SubscribeChannel
    from colonies_tui.protocol.models.channel import ChannelEntry


class ColoniesClient(RequestSender, MessagesAsMethods):
    """A sender of requests with a typed method for each message (see :class:`MessagesAsMethods`), and subscriptions."""

    async def process_rows(self, request: GetProcesses | GetProcessHistory) -> tuple[ProcessRow, ...]:
        """Send a request for a list of processes and decode the reply straight into rows.

        Raises:
            ColoniesError: as :meth:`send`.
        """
        return await self._send(request, _rows_adapter(), None)

    def subscribe(
        self,
        request: SubscribeProcess | SubscribeProcesses,
        *,
        key: PrivateKey | None = None,
        on_state: OnLinkState | None = None,
    ) -> Listening[Event]:
        """Return a subscription, to be entered as a context manager and iterated; nothing is sent before that.

        Args:
            request: what to hear of.
            key: signs instead of the keyring's key for the request's role.
            on_state: told when the link comes up and when it is lost.

        Raises:
            KeyMissing, UnsafeRequest: as :meth:`send`.
        """
        from colonies_tui.client.subscription import Subscription

        return Subscription(
            self.address,
            request,
            key or self.keys.key_for(request.role),
            limits=self.limits,
            on_state=self._seen_link(request, on_state),
            on_event=lambda process: self._heard(request, process),
        )

    def follow_channel(
        self, request: SubscribeChannel, *, key: PrivateKey | None = None, on_state: OnLinkState | None = None
    ) -> Listening[ChannelEntry]:
        """Return a subscription to a channel, to be used as that of :meth:`subscribe`.

        Raises:
            KeyMissing, UnsafeRequest: as :meth:`send`.
        """
        from colonies_tui.client.channel_subscription import ChannelSubscription

        return ChannelSubscription(
            self.address,
            request,
            key or self.keys.key_for(request.role),
            limits=self.limits,
            on_state=self._seen_link(request, on_state),
            on_entry=lambda entry, at: self._heard(request, entry, at),
        )

    def _heard(self, request: Request[Any], content: Model, position: int = 0) -> None:
        if self.witness is not None:
            self.witness.heard(request, content.to_wire(), position)

    def _seen_link(self, request: Request[Any], on_state: OnLinkState | None) -> OnLinkState:
        def told(is_up: bool, error: ColoniesError | None) -> None:
            if self.witness is not None:
                self.witness.linked(request, error)
            if on_state is not None:
                on_state(is_up, error)

        return told


@functools.cache
def _rows_adapter() -> TypeAdapter[tuple[ProcessRow, ...]]:
    return TypeAdapter(Rows[ProcessRow])
