"""One decision about many objects, from the list of what is meant to a result for each. Nothing in it is silent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import partial
from math import ceil
from typing import ClassVar, Final

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input

from colonies_tui.protocol.plaintext import plain
from colonies_tui.store.actions import Action, ActionResult, Outcome
from colonies_tui.store.bulk import BulkRun
from colonies_tui.store.equivalent import NO_OFFICIAL
from colonies_tui.ui.context import Context
from colonies_tui.ui.countdown import TAKEN_BACK, Countdown
from colonies_tui.ui.equivalents import as_commands, copy_commands
from colonies_tui.ui.format.glyphs import ASCII
from colonies_tui.ui.format.numbers import counted, grouped
from colonies_tui.ui.grades import Grade, answer_key, can_be_taken_back
from colonies_tui.ui.questions import signer_line
from colonies_tui.ui.spans import Line, Span
from colonies_tui.ui.tables.bulk import BulkLine, Candidate, bulk_columns, counts_line, in_order, reason_of, tallied
from colonies_tui.ui.views.view import Work
from colonies_tui.ui.widgets.answer_line import AnswerKey, AnswerLine
from colonies_tui.ui.widgets.fact_lines import FactLines
from colonies_tui.ui.widgets.grace_line import SEND_NOW, TAKE_BACK
from colonies_tui.ui.widgets.live_table import LiveTable
from colonies_tui.ui.widgets.table_canvas import HEADER_LINES

_REPAINT: Final = 0.1
"""Seconds between two looks at how far it is."""
_AROUND: Final = 12
"""Lines of the box beside its table."""
_LABEL: Final = 11


class Phase(Enum):
    """How far the decision is."""

    ASKING = "asking"
    HELD = "held"
    SENDING = "sending"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Bulk:
    """What is to be decided."""

    candidates: Sequence[Candidate]
    things: tuple[str, str]
    grade: Grade
    note: str = ""
    hidden: int = 0
    """How many of them a filter hides in the list they were marked in."""

    @property
    def meant(self) -> list[tuple[Candidate, Action]]:
        """Those that something is done to."""
        return [(one, one.action) for one in self.candidates if one.action is not None]

    @property
    def left_out(self) -> list[Candidate]:
        """Those that nothing is done to."""
        return [one for one in self.candidates if one.action is None]

    @property
    def counted_words(self) -> str:
        """``3 processes``."""
        return counted(len(self.meant), *self.things)


class _Rows(LiveTable[BulkLine]):
    """Rows to read: there is nothing to mark and nothing to open."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in {"open", "toggle_mark", "mark_range", "clear_marks"}:
            return False
        return super().check_action(action, parameters)


class BulkScreen(ModalScreen["frozenset[str] | None"]):
    """Asks, waits, sends and reports. Returns the ids of what was done; ``None`` when nothing was sent."""

    DEFAULT_CSS = """
    BulkScreen {
        align: center middle;
        background: $background 60%;
        & > Vertical {
            width: 116;
            max-width: 96%;
            height: auto;
            max-height: 96%;
            padding: 0 2;
            background: $background;
            border: solid $text-faint;
            border-title-color: $foreground;
            border-title-style: bold;
            border-title-align: left;
            border-subtitle-color: $tone-error;
        }
        & > .-danger { border: solid $state-failed; border-title-color: $state-failed; }
        & > .-ascii { border: ascii $text-faint; }
        & #bulk-head { margin: 0 0 1 0; }
        & #bulk-words { height: 2; margin-top: 1; }
        & LiveTable { width: 1fr; }
        & Input { height: 1; border: none; padding: 0 1; background: $panel; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "leave, stop or close", show=False, id="bulk.leave"),
    ]

    def __init__(self, context: Context, bulk: Bulk, *, opened_by: str = "", place: str = "") -> None:
        """
        Args:
            context: whose session sends.
            bulk: what is to be decided; something in it can be done.
            opened_by: the key that brought it here; it does not confirm.
            place: where one is, when that is a place to be careful in.
        """
        super().__init__()
        self.console_context = context
        self.bulk = bulk
        self.phase = Phase.ASKING
        self.was_taken_back = False
        self._place = place
        self._yes = answer_key("y", opened_by)
        actions = [action for _, action in bulk.meant]
        self._action = actions[0]
        self.run = BulkRun(context.session.actor, actions, on_change=self._changed)
        refusal = partial(context.session.actor.why_not, type(self._action.request))
        held = can_be_taken_back(type(self._action.request), bulk.grade)
        self._seconds = context.outbox.seconds if held else 0.0
        self._refusal = refusal
        self._countdown: Countdown | None = None
        self._is_allowed = bulk.grade != "typed"
        self._only_problems = False
        self._shows_commands = False
        self._has_changed = False
        self._first_order = list(in_order([BulkLine(one) for one in bulk.candidates]))
        self._head_lines = max(3, 1 + bool(bulk.left_out) + bool(bulk.hidden) + bool(bulk.note))

    @property
    def table(self) -> LiveTable[BulkLine]:
        """All of them."""
        return self.query_one(_Rows)

    @property
    def number_to_type(self) -> str:
        """What has to be typed where one has to be sure."""
        return str(len(self.bulk.meant))

    def compose(self) -> ComposeResult:
        box = Vertical()
        box.set_class(self.bulk.grade != "calm", "-danger")
        box.set_class(self.console_context.alphabet is ASCII, "-ascii")
        box.border_subtitle = Content(plain(self._place))
        with box:
            yield FactLines(id="bulk-head")
            yield _Rows(bulk_columns(self.bulk.candidates), clock=self.console_context.clock, id="bulk-rows")
            yield FactLines(id="bulk-words")
            if self.bulk.grade == "typed":
                yield Input(compact=True, placeholder=f"type {self.number_to_type}, the number of them, to go on")
            yield AnswerLine(id="bulk-keys")

    def on_mount(self) -> None:
        """Show what is meant; where a number is to be typed, be ready for it."""
        self._fit()
        self.query_one("#bulk-head", FactLines).styles.height = self._head_lines
        self._show()
        self.set_interval(_REPAINT, self._repaint)
        (self.query_one(Input) if self.bulk.grade == "typed" else self.table).focus()

    def on_resize(self, event: events.Resize) -> None:
        """Leave the table the room that there is."""
        self._fit()

    def _fit(self) -> None:
        rows = len(self.bulk.candidates) + HEADER_LINES
        self.table.styles.height = max(4, min(rows, int(self.size.height * 0.96) - _AROUND))

    # -- showing -----------------------------------------------------------------------------------------------------

    def _changed(self) -> None:
        self._has_changed = True

    def _repaint(self) -> None:
        if self._has_changed or self.phase is Phase.HELD:
            self._has_changed = False
            self._show()

    def _lines(self) -> list[BulkLine]:
        results: dict[str, ActionResult | None] = {
            one.id: result for (one, _), result in zip(self.bulk.meant, self.run.results, strict=True)
        }
        return [BulkLine(one, results.get(one.id)) for one in self.bulk.candidates]

    def _show(self) -> None:
        lines = self._lines()
        ordered = in_order(lines)
        if self.phase is not Phase.OVER:  # nothing changes places while it goes on
            ordered = {row_id: ordered[row_id] for row_id in self._first_order}
        self.table.update_rows(ordered, None, self.console_context.clock())
        self.query_one(Vertical).border_title = Content(self._title())
        head = self._counts() if self.phase in (Phase.ASKING, Phase.HELD) else self._outcomes(lines)
        self.query_one("#bulk-head", FactLines).show(head)
        self._show_words()
        self.query_one("#bulk-keys", AnswerLine).show(self._keys())

    def _title(self) -> str:
        action, things = self._action, self.bulk.things[1]
        if self.phase in (Phase.ASKING, Phase.HELD):
            of_all = f" of {grouped(len(self.bulk.candidates))}" if self.bulk.left_out else ""
            mark = "?" if self.phase is Phase.ASKING else ""
            words = f"{grouped(len(self.bulk.meant))}{of_all} {things if of_all else self._noun()}"
            return plain(f"{action.verb.capitalize()} {words}{mark}")
        total = len(self.run.actions)
        if self.phase is Phase.SENDING:
            word = "Stopping" if self.run.why_stopped else action.verb.capitalize()
            return plain(f"{word}: {grouped(self.run.ended)} of {counted(total, *self.bulk.things)}")
        return plain(f"{grouped(self.run.count(Outcome.DONE))} of {counted(total, *self.bulk.things)} {action.done}")

    def _noun(self) -> str:
        return self.bulk.things[0] if len(self.bulk.meant) == 1 else self.bulk.things[1]

    @staticmethod
    def _fact(label: str, number: int, rest: Line) -> Line:
        return [Span(f"{label:<{_LABEL}}", "dim"), Span(f"{grouped(number):>5}", "strong"), *rest]

    def _counts(self) -> list[Line]:
        meant = [one for one, _ in self.bulk.meant]
        rows = [self._fact(f"to {self._action.verb}", len(meant), counts_line(meant))]
        if self.bulk.left_out:
            why = tallied(one.reason for one in self.bulk.left_out)
            rows.append(self._fact("left out", len(self.bulk.left_out), [Span(f"   {plain(why)}", "warning")]))
        if self.bulk.hidden:
            words = "   of these do not match the filter of the list"
            rows.append(self._fact("hidden", self.bulk.hidden, [Span(words, "warning")]))
        if self.bulk.note:
            rows += [[]] * (self._head_lines - len(rows) - 1)
            rows.append([Span(plain(self.bulk.note), "dim")])
        return rows

    def _outcomes(self, lines: Sequence[BulkLine]) -> list[Line]:
        run, total = self.run, len(self.run.actions)
        alphabet = self.console_context.alphabet
        filled = round(24 * run.ended / max(total, 1))
        bar = [Span("   "), Span(alphabet.bar * filled, "text"), Span(alphabet.bar_rest * (24 - filled), "faint")]
        word = self._action.done if len(self._action.done) < _LABEL else "done"
        done = self._fact(word, run.count(Outcome.DONE), bar)
        rows: list[Line] = [done]
        refused = [line for line in lines if line.result is not None and line.result.outcome is Outcome.REFUSED]
        why = tallied(self._reason(line) for line in refused)
        role = "failed" if refused else "dim"
        rows.append(self._fact("refused", len(refused), [Span(f"   {plain(why)}", role)]))
        if self.phase is Phase.SENDING:
            rows.append(self._fact("to go", total - run.ended, ()))
            return rows
        left = self.bulk.left_out
        rest = [
            ("not sent", run.count(Outcome.NOT_SENT), run.why_stopped, "warning"),
            ("not known", run.count(Outcome.UNKNOWN), "look before trying again", "warning"),
            ("left out", len(left), tallied(one.reason for one in left), "dim"),
        ]
        spans: list[Span] = []
        for label, count, words, role in rest:
            if count and not spans:
                spans += self._fact(label, count, [Span(f"   {plain(words)}", role)])
            elif count:
                spans.append(Span(f"   {grouped(count)} {label}: {plain(words)}", role))
        rows.append(spans)
        return rows

    @staticmethod
    def _reason(line: BulkLine) -> str:
        action = line.candidate.action
        return "" if action is None or line.result is None else reason_of(action, line.result)

    def _show_words(self) -> None:
        """Under the list: the words of the row under the cursor in full, or what is about to happen."""
        row = self.table.cursor_row
        words: list[Line] = []
        action = row.candidate.action if row is not None else None
        if self._shows_commands and action is not None:
            (commands,) = as_commands(self.console_context.session, action)
            words = [
                [Span("official  ", "dim"), Span(plain(commands.official) or NO_OFFICIAL)],
                [Span("call      ", "dim"), Span(plain(commands.call))],
            ]
            self.query_one("#bulk-words", FactLines).show(words)
            return
        if row is not None and not row.is_well:
            words.append([Span(f"{plain(row.candidate.name)}: ", "dim"), Span(plain(row.words), row.role)])
        else:
            words.append([])
        if self.phase is Phase.HELD and self._countdown is not None:
            words.append([Span(f"It is sent in {ceil(self._countdown.left)} s", "warning")])
        elif self.phase is Phase.ASKING:
            words.append(signer_line(self.console_context.session, self._action.request.role.slots[0]))
        self.query_one("#bulk-words", FactLines).show(words)

    def _keys(self) -> list[AnswerKey]:
        problems = any(not line.is_well for line in self._lines())
        rest = "only those left out" if self.phase is Phase.ASKING else "only what is not done"
        only = AnswerKey("f", "all of them" if self._only_problems else rest)
        keys: list[AnswerKey] = []
        if self.phase in (Phase.ASKING, Phase.OVER):
            if self._shows_commands:
                keys += [AnswerKey("C", "copy call"), AnswerKey("c", "copy official")]
            else:
                keys += [AnswerKey("i", "as command"), *([only] if problems else [])]
        if self.phase is Phase.ASKING:
            verb = self._action.verb
            role = "success" if self.bulk.grade == "calm" else "failed"
            yes = AnswerKey(self._yes, f"{verb} {self.bulk.counted_words}", role, self._is_allowed)
            return [*keys, AnswerKey("escape", "leave as they are"), yes]
        if self.phase is Phase.HELD:
            return [AnswerKey(SEND_NOW, "send now"), AnswerKey(TAKE_BACK, "take it back", "warning")]
        if self.phase is Phase.SENDING:
            return [AnswerKey("escape", "stop: send no more", enabled=not self.run.why_stopped)]
        return [*keys, AnswerKey("escape", "close")]

    @on(LiveTable.CursorMoved)
    def _cursor_moved(self, event: LiveTable.CursorMoved) -> None:
        event.stop()
        self._show_words()

    # -- typing ------------------------------------------------------------------------------------------------------

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._is_allowed = event.value.strip() == self.number_to_type
        self.query_one("#bulk-keys", AnswerLine).show(self._keys())

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        """Go on to the keys; Enter itself does nothing."""
        event.stop()
        if self._is_allowed:
            self.table.focus()

    # -- keys --------------------------------------------------------------------------------------------------------

    def on_key(self, event: events.Key) -> None:
        """Confirm, take back, send at once, or show only what is not done."""
        key = event.character
        if key == self._yes and self.phase is Phase.ASKING and self._is_allowed:
            self._go_on()
        elif key == TAKE_BACK and self.phase is Phase.HELD and self._countdown is not None:
            self._countdown.take_back()
        elif key == SEND_NOW and self.phase is Phase.HELD and self._countdown is not None:
            self._countdown.send_now()
        elif key == "f" and self.phase in (Phase.ASKING, Phase.OVER):
            self._toggle_problems()
        elif key == "i" and self.phase in (Phase.ASKING, Phase.OVER):
            self._shows_commands = not self._shows_commands
            self._show()
        elif key in ("c", "C") and self._shows_commands:
            copy_commands(self.app, as_commands(self.console_context.session, *self.run.actions), official=key == "c")
        else:
            return
        event.stop()

    def _toggle_problems(self) -> None:
        self._only_problems = not self._only_problems and any(not line.is_well for line in self._lines())
        self.table.set_filter((lambda line: not line.is_well) if self._only_problems else None)
        self._show()

    def action_leave(self) -> None:
        """Leave it as it is, take it back, send no more, or close: by how far it is."""
        if self.phase is Phase.ASKING:
            self.dismiss(None)
        elif self.phase is Phase.HELD and self._countdown is not None:
            self._countdown.take_back()
        elif self.phase is Phase.SENDING:
            self.run.stop("stopped here")
            self._show()
        else:
            self.dismiss(self._done_ids())

    def _done_ids(self) -> frozenset[str]:
        return frozenset(
            one.id
            for (one, _), result in zip(self.bulk.meant, self.run.results, strict=True)
            if result is not None and result.outcome is Outcome.DONE
        )

    # -- doing -------------------------------------------------------------------------------------------------------

    def _go_on(self) -> None:
        self.phase = Phase.HELD if self._seconds > 0 else Phase.SENDING
        self.table.set_filter(None)
        self._only_problems = self._shows_commands = False
        for field in self.query(Input):
            field.display = False
        self.table.focus()
        if self.phase is Phase.HELD:
            self._countdown = Countdown(self._seconds, self.console_context.session.clock, self._refusal)
        self._show()
        work: Work = self._work
        self.run_worker(work, group="bulk", exclusive=True)

    async def _work(self) -> None:
        reason = await self._countdown.run() if self._countdown is not None else None
        if reason == TAKEN_BACK:
            self.was_taken_back = True
            self.dismiss(None)
            return
        if reason is not None:
            self.run.stop(reason)
        self.phase = Phase.SENDING
        self._show()
        await self.run.run()
        self.phase = Phase.OVER
        self._show()
        self.table.action_top()

    def leave(self, reason: str) -> list[str]:
        """Send nothing more, for a reason; return a sentence when something is not over."""
        what = f"{self._action.verb} {self.bulk.counted_words}: {reason}"
        if self.phase is Phase.HELD and self._countdown is not None:
            self._countdown.drop(reason)
            return [f"{what}; nothing was sent"]
        if self.phase is Phase.SENDING:
            self.run.stop(reason)
            ended = self.run.ended
            return [f"{what}; {ended} had an answer, the rest was not sent or may have been done: see the journal"]
        return []
