"""Crons: when each runs, what it starts, how it has gone; run now, add, edit, remove."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC
from functools import partial
from typing import ClassVar

from textual.binding import Binding, BindingType

from colonies_tui.protocol.messages.schedule import AddCron, RemoveCron, RunCron
from colonies_tui.protocol.models.schedule import BY_EXPRESSION, Cron
from colonies_tui.protocol.plaintext import plain
from colonies_tui.protocol.states import ProcessState
from colonies_tui.store.actions import Action, Outcome
from colonies_tui.store.colony_actions import add_cron, remove_cron, run_cron
from colonies_tui.store.freshness import Freshness
from colonies_tui.store.graphs import GRAPH_FEEDS
from colonies_tui.store.listings import CRONS
from colonies_tui.ui.context import Context, Target
from colonies_tui.ui.details.workflow_text import workflow_section
from colonies_tui.ui.document import Field, Section
from colonies_tui.ui.equivalents import as_commands
from colonies_tui.ui.filter import Fields
from colonies_tui.ui.format.durations import duration, moment, short_age
from colonies_tui.ui.format.ids import short_id
from colonies_tui.ui.format.states import process_face
from colonies_tui.ui.notify import say
from colonies_tui.ui.spans import Span
from colonies_tui.ui.table_layout import Column
from colonies_tui.ui.tables.bulk import Candidate
from colonies_tui.ui.tables.crons import CronLine, cron_columns, cron_fields, cron_line, following_runs, last_run
from colonies_tui.ui.views.bulk import act_on_marked
from colonies_tui.ui.views.editing import cron_template, cron_text, difference, edit_json, read_cron
from colonies_tui.ui.views.failure_questions import explain_failed_workflow, has_failed
from colonies_tui.ui.views.list_view import ListView
from colonies_tui.ui.views.view import Work
from colonies_tui.ui.widgets.dialog import Choice, Question

SHOWN_RUNS = 5
KEPT_OUTCOMES = 20


class CronsView(ListView[CronLine]):
    """Workflows that are started by the clock."""

    KEY = "crons"
    TITLE = "Crons"
    KIND = "cron"
    THINGS = "crons"
    EMPTY_HINT = "n adds one"
    FEEDS = frozenset({"statistics", "crons"} | GRAPH_FEEDS)
    RESOURCES = frozenset({"crons", "graphs"})
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("t", "run", "run now", id="crons.run"),
        Binding("o", "workflow", "last workflow", id="crons.workflow"),
        Binding("X", "explain", "why", id="crons.explain"),
        Binding("n", "add", "new", id="crons.add"),
        Binding("e", "edit", "edit", id="crons.edit"),
        Binding("D", "remove", "remove", id="crons.remove"),
    ]

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._started: dict[str, dict[str, None]] = {}
        """Workflows that each cron was seen to start, by cron id."""
        self._changed: tuple[str, frozenset[str]] | None = None
        """The id that a changed cron had, and its names: it comes back with another id."""

    def make_columns(self) -> Sequence[Column[CronLine]]:
        return cron_columns(self.context.alphabet)

    def make_rows(self) -> dict[str, CronLine]:
        graphs = self.session.graphs.rows
        lines: dict[str, CronLine] = {}
        for cron_id, cron in self.session.listings.of(CRONS).rows.items():
            started = self._started.setdefault(cron_id, {})
            if cron.prevprocessgraphid:
                started[cron.prevprocessgraphid] = None
                while len(started) > KEPT_OUTCOMES:
                    del started[next(iter(started))]
            states = tuple(row.state for graph_id in started if (row := graphs.get(graph_id)) is not None)
            ended = tuple(state for state in states if state.is_final or state is ProcessState.RUNNING)
            lines[cron_id] = cron_line(cron, graphs.get(cron.prevprocessgraphid), ended, self.now)
        return lines

    def show_rows(self) -> None:
        super().show_rows()
        if self._changed is not None:
            before, names = self._changed
            after = [row_id for row_id, line in self._rows.items() if line.cron.name in names and row_id != before]
            if after and self.table.move_to(after[0]):
                self._changed = None

    def freshness(self) -> Freshness:
        return self.session.listings.of(CRONS).freshness

    def fields(self) -> Fields[CronLine]:
        return cron_fields()

    def row_title(self, row: CronLine) -> str:
        return row.cron.name

    def sections(self, row: CronLine) -> Sequence[Section]:
        cron = row.cron
        how = cron.cronexpression if cron.interval == BY_EXPRESSION else f"interval {cron.interval} s"
        head = [Field("runs", [Span(plain(row.words), "strong")]), Field("as", [Span(plain(how), "dim")])]
        if row.problem:
            head.append(Field("problem", [Span(row.problem, "warning")]))
        head.append(
            Field("waits", [Span("for the workflow before" if cron.waitforprevprocessgraph else "for nothing")])
        )
        head.append(Field("by", [Span(plain(cron.initiatorname) or "–")]))
        return [
            Section("", head),
            self._runs(cron),
            self._last(cron),
            workflow_section(cron.workflowspec),
            Section("Identity", [Field("cron", [Span(cron.cronid, "dim")])]),
        ]

    def _runs(self, cron: Cron) -> Section:
        rows = []
        server_zone = cron.nextrun.tzinfo if cron.nextrun is not None else UTC
        for place, at in enumerate(following_runs(cron, self.now, SHOWN_RUNS, server_zone or UTC)):
            stamp = at.timestamp()
            spans = [Span(moment(stamp, self.now)), Span(f"  in {duration(stamp - self.now)}", "dim")]
            try:
                local, there = at.astimezone(), at.astimezone(server_zone)
            except (OverflowError, ValueError, OSError):  # at the end of the calendar not every zone has a time
                local = there = at
            if local.utcoffset() != there.utcoffset():
                spans.append(Span(f"  {there:%H:%M:%S} at the server", "dim"))
            rows.append(Field("next" if place == 0 else "then", spans))
        words = "its expression cannot be read" if not rows else ""
        return Section("Next runs", rows or [Field("", [Span(words, "error")])])

    def _last(self, cron: Cron) -> Section:
        at = last_run(cron)
        if at is None:
            return Section("Last run", [Field("", [Span("it has not run yet", "dim")])])
        rows = [Field("at", [Span(moment(at, self.now)), Span(f"  {short_age(self.now - at)} ago", "dim")])]
        graph = self.session.graphs.rows.get(cron.prevprocessgraphid)
        if graph is not None:
            face = process_face(graph.state, self.context.alphabet)
            rows.append(
                Field("workflow", [Span(face.text, face.role), Span(f"  {short_id(graph.processgraphid)}", "dim")])
            )
        elif cron.prevprocessgraphid:
            rows.append(Field("workflow", [Span(short_id(cron.prevprocessgraphid), "dim")]))
        return Section("Last run", rows)

    # -- keys --------------------------------------------------------------------------------------------------------

    def reason_against(self, action: str) -> str | None:
        if action.startswith("add"):
            return self.session.actor.why_not(AddCron)
        if action == "explain":
            row = self.chosen
            if row is None:
                return "there is no cron under the cursor"
            return None if self._latest_failed(row.cron) else "no workflow that it was seen to start has failed"
        only_looks = action.startswith("workflow")
        reason = None if only_looks else self.session.actor.why_not(RunCron)
        if reason:
            return reason
        row = self.target if action.startswith(("remove", "run")) else self.chosen
        if row is None:
            return "there is no cron under the cursor"
        return "it has not started a workflow yet" if only_looks and not row.cron.prevprocessgraphid else None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Grey out what cannot be done now."""
        if action in ("run", "add", "edit", "remove", "workflow", "explain") and self.is_mounted:
            return None if self.reason_against(action) else True
        return True

    def _latest_failed(self, cron: Cron) -> str:
        """Return the id of the latest workflow that a cron was seen to start and that failed; empty for none."""
        graphs = self.session.graphs.rows
        started = ((graph_id, graphs.get(graph_id)) for graph_id in reversed(self._started.get(cron.cronid, {})))
        return next((graph_id for graph_id, row in started if row is not None and has_failed(row.state)), "")

    def action_explain(self) -> None:
        """Say why the latest workflow of the cron that failed did so."""
        row = self.chosen
        graph_id = "" if row is None else self._latest_failed(row.cron)
        if graph_id:
            work: Work = partial(explain_failed_workflow, self, graph_id)
            self.run_worker(work, group="explain", exclusive=True)

    def action_workflow(self) -> None:
        """Go to the workflow that the cron started last."""
        row = self.chosen
        if row is not None:
            self.post_message(self.Go(Target("workflows", "workflow", row.cron.prevprocessgraphid)))

    def action_run(self) -> None:
        """Start the cron under the cursor now, or the marked ones."""
        if marked := self.marked:
            self.work(partial(self._many, run_cron, marked), "cron")
        elif (row := self.target) is not None:
            self.work(partial(self._run, row), "cron")

    async def _many(self, make: Callable[[Cron], Action], rows: Mapping[str, CronLine]) -> None:
        found = [Candidate(key, row.cron.name, make(row.cron)) for key, row in rows.items()]
        waits = "One that waits for its workflow before starts nothing while that is not done."
        note = waits if make is run_cron else "Workflows that they started go on."
        await act_on_marked(self, self.table, found, ("cron", "crons"), note)

    async def _run(self, row: CronLine) -> None:
        waits = "It waits for the workflow before, so nothing starts while that one is not done."
        question = Question(
            title=f"Run {row.cron.name} now?",
            commands=as_commands(self.session, run_cron(row.cron)),
            choices=[Choice("keep", "escape", "leave", acts=False), Choice("run", "y", "run now", "success")],
            fields=[Field.of("runs", row.words), Field.of("next run", "stays, counted from now")],
            paragraphs=((Span(waits),),) if row.cron.waitforprevprocessgraph else (),
            name_to_type=row.cron.name,
        )
        if await self.ask(question, RunCron) == "run":
            await self.do(run_cron(row.cron))

    def action_add(self) -> None:
        """Add a cron."""
        self.run_worker(self._add(), group="cron", exclusive=True)

    async def _add(self) -> None:
        colony = self.session.colony
        cron = await edit_json(self.app, "New cron", cron_template(colony), read_cron(colony), accept="add")
        if cron is not None:
            await self.propose(add_cron(cron))

    def action_edit(self) -> None:
        """Edit the cron under the cursor: it is removed and added again."""
        row = self.chosen
        if row is not None:
            self.run_worker(self._edit(row.cron), group="cron change")  # two requests: not to be broken off

    async def _edit(self, cron: Cron) -> None:
        before = cron_text(cron)
        edited = await edit_json(
            self.app, f"Edit {cron.name}", before, read_cron(self.session.colony), accept="compare"
        )
        if edited is None:
            return
        changes = difference(before, cron_text(edited))
        words = "A Colonies server cannot change a cron: it is removed and added again, with a new id and no last run."
        question = Question(
            title=f"Change {cron.name}?",
            commands=as_commands(self.session, remove_cron(cron), add_cron(edited)),
            choices=[
                Choice("keep", "escape", "leave as it is", acts=False),
                Choice("change", "y", "change", "warning"),
            ],
            paragraphs=(*changes[:20], (Span(words, "dim"),)),
            name_to_type=cron.name,
        )
        if await self.ask(question, AddCron) != "change":
            return
        # one change in two requests: nothing is held back between them
        removed = await self.context.outbox.carry_out(remove_cron(cron), hold=False, quietly=True)
        if removed.outcome is not Outcome.DONE:
            return
        self._changed = cron.cronid, frozenset({cron.name, edited.name})
        added = await self.do(add_cron(edited), quietly=True)
        if added.outcome is Outcome.DONE:
            say(self.app, f"{edited.name} changed")
            return
        back = await self.do(add_cron(cron), quietly=True)
        say(
            self.app,
            f"{cron.name}: the change was refused; "
            + ("it is back as it was" if back.outcome is Outcome.DONE else "and it could not be put back: it is gone"),
            "error",
        )

    def action_remove(self) -> None:
        """Remove the cron under the cursor, or the marked ones."""
        if marked := self.marked:
            self.work(partial(self._many, remove_cron, marked), "cron")
        elif (row := self.target) is not None:
            self.work(partial(self._remove, row), "cron")

    async def _remove(self, row: CronLine) -> None:
        question = Question(
            title=f"Remove cron {row.cron.name}?",
            commands=as_commands(self.session, remove_cron(row.cron)),
            choices=[Choice("keep", "escape", "keep", acts=False), Choice("remove", "y", "remove", "failed")],
            fields=[Field.of("runs", row.words), Field.of("id", row.cron.cronid[:16])],
            paragraphs=((Span("Workflows that it started go on."),),),
            name_to_type=row.cron.name,
        )
        if await self.ask(question, RemoveCron) == "remove":
            await self.do(remove_cron(row.cron))
