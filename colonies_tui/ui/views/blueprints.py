"""Blueprints: what should be beside what is reported, their history, and reconciling."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import ClassVar

from textual.binding import Binding, BindingType

from colonies_tui.protocol.errors import ColoniesError
from colonies_tui.protocol.messages.blueprint import ReconcileBlueprint, RemoveBlueprint
from colonies_tui.protocol.models.blueprint import Blueprint, BlueprintHistory
from colonies_tui.protocol.plaintext import plain, plain_lines
from colonies_tui.store.actions import Action
from colonies_tui.store.colony_actions import reconcile_blueprint, remove_blueprint
from colonies_tui.store.freshness import Freshness
from colonies_tui.store.listings import BLUEPRINTS, DEFINITIONS
from colonies_tui.store.reads import blueprint_history
from colonies_tui.ui.context import Context, Target
from colonies_tui.ui.details.process import json_text
from colonies_tui.ui.document import Field, Section
from colonies_tui.ui.equivalents import as_commands
from colonies_tui.ui.filter import Fields
from colonies_tui.ui.format.durations import short_age
from colonies_tui.ui.spans import Span
from colonies_tui.ui.table_layout import Column
from colonies_tui.ui.tables.blueprints import (
    BlueprintLine,
    blueprint_columns,
    blueprint_fields,
    condition_words,
    differing,
)
from colonies_tui.ui.tables.bulk import Candidate
from colonies_tui.ui.views.bulk import act_on_marked
from colonies_tui.ui.views.list_view import ListView
from colonies_tui.ui.views.view import Work
from colonies_tui.ui.widgets.dialog import Choice, Question


class BlueprintsView(ListView[BlueprintLine]):
    """What should be, kept by reconcilers."""

    KEY = "blueprints"
    TITLE = "Blueprints"
    KIND = "blueprint"
    THINGS = "blueprints"
    EMPTY_HINT = "colonies-tui call addblueprintmsg adds one, when its kind is defined"
    FEEDS = frozenset({"statistics", "blueprints", "definitions"})
    RESOURCES = frozenset({"blueprints", "definitions"})
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("t", "reconcile", "reconcile", id="blueprints.reconcile"),
        Binding("p", "process", "last process", id="blueprints.process"),
        Binding("D", "remove", "remove", id="blueprints.remove"),
    ]

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._history: dict[str, tuple[BlueprintHistory, ...]] = {}

    def make_columns(self) -> Sequence[Column[BlueprintLine]]:
        return blueprint_columns(self.context.alphabet)

    def make_rows(self) -> dict[str, BlueprintLine]:
        listings = self.session.listings
        kinds = {row.spec.names.kind: row for row in listings.of(DEFINITIONS).rows.values()}
        rows = listings.of(BLUEPRINTS).rows
        return {name: BlueprintLine(blueprint, kinds.get(blueprint.kind)) for name, blueprint in rows.items()}

    def freshness(self) -> Freshness:
        return self.session.listings.of(BLUEPRINTS).freshness

    def fields(self) -> Fields[BlueprintLine]:
        return blueprint_fields()

    def row_title(self, row: BlueprintLine) -> str:
        return f"{row.blueprint.metadata.name} · {row.blueprint.kind}"

    def chosen_changed(self) -> None:
        row = self._rows.get(self._shown)
        if row is not None:
            work: Work = partial(self._load_history, row)
            self.run_worker(work, group="history", exclusive=True)

    async def _load_history(self, row: BlueprintLine) -> None:
        blueprint_id = row.blueprint.blueprintid
        try:
            found = await blueprint_history(self.session, blueprint_id)
        except ColoniesError:
            return  # the list itself says what is wrong with the server
        self._history[blueprint_id] = found
        self.show_detail()

    def sections(self, row: BlueprintLine) -> Sequence[Section]:
        blueprint, meta = row.blueprint, row.blueprint.metadata
        words, role = condition_words(blueprint)
        head = [
            Field("condition", [Span(words, role)]),
            Field("generation", [Span(str(meta.generation or 0))]),
            Field("reconciler", [Span(plain(row.handler) or "not known")]),
        ]
        if meta.last_reconciliation_process:
            head.append(Field("last process", [Span(meta.last_reconciliation_process[:8], "dim")]))
        different = set(differing(blueprint))
        status = blueprint.status or {}
        rows = []
        for key, wanted in blueprint.spec.items():
            spans = [Span("\n".join(plain_lines(json_text(wanted))))]
            if key in different:
                spans.append(Span(f"   is {plain(json_text(status[key]))}", "warning"))
            rows.append(Field(plain(key), spans))
        reported = [
            Field(plain(key), [Span("\n".join(plain_lines(json_text(value))))]) for key, value in status.items()
        ]
        sections = [
            Section("", head),
            Section("Should be", rows or [Field("", [Span("nothing", "dim")])]),
            Section("Reported", reported or [Field("", [Span("nothing yet", "dim")])]),
        ]
        history = self._history.get(blueprint.blueprintid)
        if history:
            sections.append(Section("History", [self._generation(entry) for entry in history]))
        return sections

    def _generation(self, entry: BlueprintHistory) -> Field:
        age = "–" if entry.timestamp is None else f"{short_age(self.now - entry.timestamp.timestamp())} ago"
        spans = [Span(f"{plain(entry.changetype)}"), Span(f"  {age}  {plain(json_text(entry.spec))}", "dim")]
        return Field(f"gen {entry.generation}", spans)

    # -- keys --------------------------------------------------------------------------------------------------------

    def reason_against(self, action: str) -> str | None:
        only_looks = action.startswith("process")
        request = RemoveBlueprint if action.startswith("remove") else ReconcileBlueprint
        reason = None if only_looks else self.session.actor.why_not(request)
        if reason:
            return reason
        row = self.chosen if only_looks else self.target
        if row is None:
            return "there is no blueprint under the cursor"
        known = row.blueprint.metadata.last_reconciliation_process
        return "the server names no process for it" if only_looks and not known else None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Grey out what cannot be done now."""
        if action in ("reconcile", "process", "remove") and self.is_mounted:
            return None if self.reason_against(action) else True
        return True

    def action_process(self) -> None:
        """Go to the process that reconciled it last."""
        row = self.chosen
        if row is not None and row.blueprint.metadata.last_reconciliation_process:
            self.post_message(
                self.Go(Target("processes", "process", row.blueprint.metadata.last_reconciliation_process))
            )

    def action_reconcile(self) -> None:
        """Ask its reconciler to look now, or those of the marked ones."""
        if marked := self.marked:
            self.work(partial(self._many, reconcile_blueprint, marked), "blueprint")
        elif (row := self.target) is not None:
            self.work(partial(self._reconcile, row), "blueprint")

    async def _many(self, make: Callable[[Blueprint], Action], rows: Mapping[str, BlueprintLine]) -> None:
        found = [
            Candidate(key, row.blueprint.metadata.name, make(row.blueprint), kind=row.blueprint.kind)
            for key, row in rows.items()
        ]
        asks = "A process is submitted to the reconciler of each."
        note = asks if make is reconcile_blueprint else "Their reconcilers get processes to clean up what they made."
        await act_on_marked(self, self.table, found, ("blueprint", "blueprints"), note)

    async def _reconcile(self, row: BlueprintLine) -> None:
        question = Question(
            title=f"Reconcile {row.blueprint.metadata.name}?",
            commands=as_commands(self.session, reconcile_blueprint(row.blueprint)),
            choices=[
                Choice("keep", "escape", "leave", acts=False),
                Choice("force", "f", "as a new generation", "warning"),
                Choice("reconcile", "y", "reconcile", "success"),
            ],
            fields=[Field.of("kind", row.blueprint.kind), Field.of("reconciler", row.handler or "not known")],
            paragraphs=((Span("A process is submitted to its reconciler."),),),
            name_to_type=row.blueprint.metadata.name,
        )
        answer = await self.ask(question, ReconcileBlueprint)
        if answer in ("reconcile", "force"):
            await self.do(reconcile_blueprint(row.blueprint, force=answer == "force"))

    def action_remove(self) -> None:
        """Remove the blueprint under the cursor, or the marked ones."""
        if marked := self.marked:
            self.work(partial(self._many, remove_blueprint, marked), "blueprint")
        elif (row := self.target) is not None:
            self.work(partial(self._remove, row), "blueprint")

    async def _remove(self, row: BlueprintLine) -> None:
        name = row.blueprint.metadata.name
        question = Question(
            title=f"Remove blueprint {name}?",
            commands=as_commands(self.session, remove_blueprint(row.blueprint)),
            choices=[Choice("keep", "escape", "keep", acts=False), Choice("remove", "y", "remove", "failed")],
            fields=[Field.of("kind", row.blueprint.kind), Field.of("id", row.blueprint.blueprintid[:16])],
            paragraphs=((Span("Its reconciler gets a process to clean up what it made."),),),
            name_to_type=name,
        )
        if await self.ask(question, RemoveBlueprint) == "remove":
            await self.do(remove_blueprint(row.blueprint))
