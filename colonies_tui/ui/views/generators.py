"""Generators: how full each queue is, and the workflow it starts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import ClassVar

from textual.binding import Binding, BindingType

from colonies_tui.protocol.messages.schedule import AddGenerator, PackGenerator, RemoveGenerator
from colonies_tui.protocol.models.schedule import Generator
from colonies_tui.protocol.plaintext import plain
from colonies_tui.store.colony_actions import add_generator, pack_generator, remove_generator
from colonies_tui.store.freshness import Freshness
from colonies_tui.store.listings import GENERATORS
from colonies_tui.ui.details.workflow_text import workflow_section
from colonies_tui.ui.document import Field, Section
from colonies_tui.ui.equivalents import as_commands
from colonies_tui.ui.filter import Fields
from colonies_tui.ui.format.durations import clock, duration, short_age
from colonies_tui.ui.format.numbers import counted
from colonies_tui.ui.spans import Span
from colonies_tui.ui.table_layout import Column
from colonies_tui.ui.tables.bulk import Candidate
from colonies_tui.ui.tables.generators import generator_columns, generator_fields
from colonies_tui.ui.views.bulk import act_on_marked
from colonies_tui.ui.views.editing import edit_json, generator_template, read_generator
from colonies_tui.ui.views.list_view import ListView
from colonies_tui.ui.widgets.dialog import Choice, Question
from colonies_tui.ui.widgets.prompt import Prompt


class GeneratorsView(ListView[Generator]):
    """What starts workflows when enough was packed."""

    KEY = "generators"
    TITLE = "Generators"
    KIND = "generator"
    THINGS = "generators"
    EMPTY_HINT = "n adds one"
    FEEDS = frozenset({"statistics", "generators"})
    RESOURCES = frozenset({"generators"})
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("p", "pack", "pack", id="generators.pack"),
        Binding("n", "add", "new", id="generators.add"),
        Binding("D", "remove", "remove", id="generators.remove"),
    ]

    def make_columns(self) -> Sequence[Column[Generator]]:
        return generator_columns(self.context.alphabet)

    def make_rows(self) -> dict[str, Generator]:
        return self.session.listings.of(GENERATORS).snapshot()

    def freshness(self) -> Freshness:
        return self.session.listings.of(GENERATORS).freshness

    def fields(self) -> Fields[Generator]:
        return generator_fields()

    def row_title(self, row: Generator) -> str:
        return row.name

    def sections(self, row: Generator) -> Sequence[Section]:
        last = row.lastrun
        ran = "never" if last is None else f"{short_age(self.now - last.timestamp())} ago"
        queue = [
            Field("queue", [Span(f"{row.queuesize} of {row.trigger}"), Span("  packed arguments make a run", "dim")]),
            Field("timeout", [Span(duration(float(row.timeout)) if row.timeout > 0 else "none")]),
            Field("last run", [Span(ran), Span("" if last is None else f"  {clock(last.timestamp())}", "dim")]),
            Field("by", [Span(plain(row.initiatorname) or "–")]),
        ]
        return [
            Section("", queue),
            workflow_section(row.workflowspec),
            Section("Identity", [Field("generator", [Span(row.generatorid, "dim")])]),
        ]

    # -- keys --------------------------------------------------------------------------------------------------------

    def reason_against(self, action: str) -> str | None:
        if action.startswith("add"):
            return self.session.actor.why_not(AddGenerator)
        reason = self.session.actor.why_not(PackGenerator)
        target = self.target if action.startswith("remove") else self.chosen
        if reason is None and target is None:
            return "there is no generator under the cursor"
        return reason

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Grey out what cannot be done now."""
        if action in ("pack", "add", "remove") and self.is_mounted:
            return None if self.reason_against(action) else True
        return True

    def action_pack(self) -> None:
        """Append an argument to the queue of the generator under the cursor."""
        row = self.chosen
        if row is not None:
            self.run_worker(self._pack(row), group="generator", exclusive=True)

    async def _pack(self, row: Generator) -> None:
        words = f"Pack an argument for {row.name}"
        text = await self.app.push_screen_wait(Prompt(words, "any text; it becomes one argument of a run"))
        if text is not None:
            await self.propose(pack_generator(row, text))

    def action_add(self) -> None:
        """Add a generator."""
        self.run_worker(self._add(), group="generator", exclusive=True)

    async def _add(self) -> None:
        made = await edit_json(
            self.app, "New generator", generator_template(self.session.colony), read_generator(self.session.colony)
        )
        if made is not None:
            await self.propose(add_generator(made))

    def action_remove(self) -> None:
        """Remove the generator under the cursor, or the marked ones."""
        if marked := self.marked:
            self.work(partial(self._remove_many, marked), "generator")
        elif (row := self.target) is not None:
            self.work(partial(self._remove, row), "generator")

    async def _remove_many(self, rows: Mapping[str, Generator]) -> None:
        found = [Candidate(key, row.name, remove_generator(row)) for key, row in rows.items()]
        note = "Their queues are lost. Workflows that they started go on."
        await act_on_marked(self, self.table, found, ("generator", "generators"), note)

    async def _remove(self, row: Generator) -> None:
        lost = f"Its queue of {counted(row.queuesize, 'packed argument')} is lost. Workflows that it started go on."
        question = Question(
            title=f"Remove generator {row.name}?",
            commands=as_commands(self.session, remove_generator(row)),
            choices=[Choice("keep", "escape", "keep", acts=False), Choice("remove", "y", "remove", "failed")],
            fields=[Field("trigger", [Span(str(row.trigger))]), Field("id", [Span(row.generatorid[:16], "dim")])],
            paragraphs=((Span(lost),),),
            name_to_type=row.name,
        )
        if await self.ask(question, RemoveGenerator) == "remove":
            await self.do(remove_generator(row))
