"""The channels of a process: what is said, as it comes, and a line to say something."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from colonies_tui.protocol.errors import ColoniesError
from colonies_tui.protocol.messages.channel import AppendToChannel
from colonies_tui.protocol.models.channel import ChannelEntry
from colonies_tui.protocol.plaintext import plain
from colonies_tui.store.actions import Outcome
from colonies_tui.store.conversation import Conversation, text_of
from colonies_tui.ui.context import Context
from colonies_tui.ui.document import Field, Section
from colonies_tui.ui.format.durations import clock
from colonies_tui.ui.format.ids import short_id
from colonies_tui.ui.format.numbers import counted
from colonies_tui.ui.notify import say
from colonies_tui.ui.spans import Span
from colonies_tui.ui.widgets.detail import DetailPane
from colonies_tui.ui.widgets.rule import RulePiece, TitleRule


class ChannelScreen(ModalScreen[None]):
    """Reads one channel at a time, follows it live, and appends what is typed."""

    DEFAULT_CSS = """
    ChannelScreen {
        align: center middle;
        background: $background 60%;
        & > Vertical { width: 96%; height: 86%; background: $background; border: solid $text-faint; padding: 0 1; }
        & DetailPane { height: 1fr; width: 1fr; }
        & Input { height: 1; border: none; padding: 0 1; background: $panel; margin-top: 1; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss", "leave", show=False, id="channel.leave"),
        Binding("tab", "next_channel", "next channel", show=False, id="channel.next"),
        Binding("up", "scroll(-1)", "up", show=False, id="channel.up"),
        Binding("down", "scroll(1)", "down", show=False, id="channel.down"),
        Binding("pageup", "scroll(-10)", "page up", show=False, id="channel.page-up"),
        Binding("pagedown", "scroll(10)", "page down", show=False, id="channel.page-down"),
    ]

    def __init__(self, context: Context, process_id: str, title: str, channels: Sequence[str]) -> None:
        super().__init__()
        self.console_context = context
        self._process_id = process_id
        self._title = title
        self._channels = tuple(channels)
        self._place = 0
        self._conversation = self._conversation_at(0)
        self._state = RulePiece.of("loading")
        self._can_say = False

    def compose(self) -> ComposeResult:
        with Vertical():
            yield TitleRule("")
            yield DetailPane(id="said")
            yield Input(placeholder="enter says it, esc leaves", compact=True, disabled=True)

    def on_mount(self) -> None:
        """Begin with the first channel."""
        self._open()

    def _conversation_at(self, place: int) -> Conversation:
        return Conversation(self.console_context.session, self._process_id, self._channels[place])

    # -- reading ---------------------------------------------------------------------------------------------------

    def _open(self) -> None:
        self._conversation = self._conversation_at(self._place)
        self._state = RulePiece.of("loading")
        self._can_say = False
        self._show()
        self.run_worker(self._follow(self._conversation), group="channel", exclusive=True)

    async def _follow(self, conversation: Conversation) -> None:
        line = self.query_one(Input)
        try:
            await conversation.read()
            self._state = RulePiece.of("live", "success")
            missing = self.console_context.session.actor.why_not(AppendToChannel)
            self._can_say = missing is None
            line.disabled = not self._can_say
            line.placeholder = f"nothing can be said: {missing}" if missing else "enter says it, esc leaves"
            line.focus()
            self._show()
            await conversation.follow(self._show)
            self._state = RulePiece.of("the process has ended, and its channels with it", "dim")
        except ColoniesError as error:
            self._state = RulePiece.of(plain(str(error)), "failed")
        self._can_say = False
        line.disabled = True
        self._show()

    def _show(self) -> None:
        pane, conversation = self.query_one(DetailPane), self._conversation
        was_at_end = pane.scroll_offset.y >= pane.max_scroll_y
        rows = [self._field(entry) for entry in conversation.entries]
        nothing = () if rows else ((Span("Nothing was said yet", "dim"),),)
        pane.show([Section("", rows, nothing)])
        if was_at_end:
            pane.scroll_end(animate=False)
        number = f" · {self._place + 1} of {len(self._channels)}" if len(self._channels) > 1 else ""
        pieces = [RulePiece.of(counted(len(rows), "entry", "entries")), self._state]
        if number:
            pieces.insert(0, RulePiece.of("tab next channel", rank=1))
        self.query_one(TitleRule).show(f"{plain(self._title)} · channel {plain(conversation.channel)}{number}", pieces)

    def _field(self, entry: ChannelEntry) -> Field:
        own = entry.senderid == self._conversation.own_identity
        session = self.console_context.session
        name = "you" if own else session.executor_name(entry.senderid) or short_id(entry.senderid)
        at = "" if entry.timestamp is None else clock(entry.timestamp.timestamp())
        role = "failed" if entry.type == "error" else "dim" if entry.type == "end" else "text"
        said = text_of(entry) or ("end" if entry.type == "end" else "")
        return Field(plain(name), (Span(f"{at}  ", "dim"), Span(said, role)))

    # -- keys ------------------------------------------------------------------------------------------------------

    @on(Input.Submitted)
    async def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if event.value and not event.input.disabled:
            event.input.disabled = True
            self.run_worker(self._say(event.value), group="say", exclusive=False)

    async def _say(self, text: str) -> None:
        """Append a text; the line is kept when that did not work."""
        line = self.query_one(Input)
        result = await self.console_context.session.actor.carry_out(self._conversation.say(text))
        if result.outcome is Outcome.DONE:
            line.clear()
        else:
            say(self.app, result.words, "error")
        line.disabled = not self._can_say
        line.focus()

    def action_next_channel(self) -> None:
        """Read the next channel of the process."""
        if len(self._channels) > 1:
            self._place = (self._place + 1) % len(self._channels)
            self._open()

    def action_scroll(self, lines: int) -> None:
        """Scroll what was said."""
        self.query_one(DetailPane).scroll_relative(y=lines, animate=False)
