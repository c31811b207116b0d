"""Functions: what the executors of the colony offer, and how it has gone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from textual.binding import Binding, BindingType

from colonies_tui.protocol.messages.process import SubmitProcess
from colonies_tui.protocol.models.executor import Function, FunctionArgument
from colonies_tui.protocol.plaintext import plain
from colonies_tui.store.colony_actions import submit_process
from colonies_tui.store.freshness import Freshness
from colonies_tui.ui.context import Context
from colonies_tui.ui.document import Field, Section
from colonies_tui.ui.filter import Fields
from colonies_tui.ui.format.durations import duration
from colonies_tui.ui.format.numbers import grouped
from colonies_tui.ui.spans import Span
from colonies_tui.ui.table_layout import Column
from colonies_tui.ui.tables.functions import function_columns, function_fields
from colonies_tui.ui.views.editing import edit_json, function_template, read_function
from colonies_tui.ui.views.list_view import ListView


def _example(argument: FunctionArgument) -> Any:
    """Return a value of the right type to begin with."""
    if argument.enum:
        return argument.enum[0]
    kind = argument.type.casefold()
    if kind in ("int", "integer", "number", "float"):
        return 0
    if kind in ("bool", "boolean"):
        return False
    return [] if kind in ("list", "array") else {} if kind in ("dict", "object") else ""


class FunctionsView(ListView[Function]):
    """The functions that executors registered."""

    KEY = "functions"
    TITLE = "Functions"
    KIND = "function"
    THINGS = "functions"
    EMPTY_HINT = "executors register what they can do; not all of them do"
    FEEDS = frozenset({"statistics", "functions", "executors"})
    RESOURCES = frozenset({"functions"})
    SORT = ("calls", False)
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "submit", "call it", id="functions.submit"),
    ]

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._longest = 0.0
        """Average seconds of the slowest function: a full bar."""

    def make_columns(self) -> Sequence[Column[Function]]:
        return function_columns(self.context.alphabet, lambda: self._longest)

    def make_rows(self) -> dict[str, Function]:
        rows = self.session.functions.snapshot()
        self._longest = max((row.avgexectime for row in rows.values()), default=0.0)
        return rows

    def freshness(self) -> Freshness:
        return self.session.functions.freshness

    def fields(self) -> Fields[Function]:
        return function_fields()

    def row_title(self, row: Function) -> str:
        return f"{row.funcname} · {row.executorname}"

    def sections(self, row: Function) -> Sequence[Section]:
        head = [Field("", [Span(plain(row.description or "no description"), "text" if row.description else "dim")])]
        times = [
            Field("calls", [Span(grouped(row.counter)), Span("  that succeeded", "dim")]),
            Field("runs for", self._times(row.counter, row.avgexectime, row.minexectime, row.maxexectime)),
            Field("waits for", self._times(row.counter, row.avgwaittime, row.minwaittime, row.maxwaittime)),
        ]
        arguments = [
            Field(
                plain(argument.name),
                [
                    Span(plain(argument.type) or "any"),
                    Span("  required" if argument.required else "  optional", "dim"),
                    Span(f"  one of {plain(', '.join(argument.enum))}" if argument.enum else "", "dim"),
                    Span(f"  {plain(argument.description)}" if argument.description else "", "dim"),
                ],
            )
            for argument in row.args or ()
        ]
        return [
            Section("", head),
            Section("Statistics", times),
            Section("Arguments", arguments or [Field("", [Span("none described", "dim")])]),
        ]

    @staticmethod
    def _times(calls: int, average: float, least: float, most: float) -> list[Span]:
        if not calls:
            return [Span("–", "dim")]
        spread = f"  between {duration(least)} and {duration(most)}; the average weights recent calls"
        return [Span(duration(average)), Span(spread, "dim")]

    # -- keys --------------------------------------------------------------------------------------------------------

    def reason_against(self, action: str) -> str | None:
        reason = self.session.actor.why_not(SubmitProcess)
        if reason is None and self.chosen is None:
            return "there is no function under the cursor"
        return reason

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Grey out what cannot be done now."""
        if action == "submit" and self.is_mounted:
            return None if self.reason_against(action) else True
        return True

    def action_submit(self) -> None:
        """Fill in a call of the function under the cursor, and submit it."""
        row = self.chosen
        if row is not None:
            self.run_worker(self._submit(row), group="submit", exclusive=True)

    async def _submit(self, row: Function) -> None:
        executor = self.session.executors.get(row.executorname)
        kind = executor.executortype if executor is not None else row.executortype
        args = [_example(argument) for argument in row.args or ()]
        text = function_template(self.session.colony, row.funcname, kind, args)
        spec = await edit_json(self.app, f"Call {row.funcname}", text, read_function, accept="submit")
        if spec is not None:
            await self.propose(submit_process(spec))
