"""Files: the tree of labels, the files under one, their revisions, and snapshots. Contents stay in their bucket."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import Any, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from colonies_tui.protocol.errors import ColoniesError, UnsafeRequest
from colonies_tui.protocol.guards import check_name
from colonies_tui.protocol.messages.file import RemoveFile, RemoveSnapshot
from colonies_tui.protocol.models.file import File, FileData, Snapshot
from colonies_tui.protocol.plaintext import plain
from colonies_tui.store.colony_actions import create_snapshot, remove_file, remove_revision, remove_snapshot
from colonies_tui.store.listings import LABELS, SNAPSHOTS, Listing, files_of
from colonies_tui.store.reads import files_of_snapshot, revisions
from colonies_tui.store.resource import Changes
from colonies_tui.ui.context import Context, Target
from colonies_tui.ui.details.file import file_sections, snapshot_sections
from colonies_tui.ui.document import Field
from colonies_tui.ui.equivalents import as_commands
from colonies_tui.ui.filter import Fields
from colonies_tui.ui.format.numbers import counted
from colonies_tui.ui.notify import say
from colonies_tui.ui.row_diff import diff_rows
from colonies_tui.ui.spans import Span
from colonies_tui.ui.tables.bulk import Candidate
from colonies_tui.ui.tables.files import (
    LabelLine,
    file_data_columns,
    file_fields,
    label_columns,
    label_fields,
    label_lines,
    snapshot_columns,
    snapshot_fields,
)
from colonies_tui.ui.views.bulk import act_on_marked, marked_rows, row_to_act_on
from colonies_tui.ui.views.several_lists import SeveralLists
from colonies_tui.ui.views.view import Work, explain_table, touches
from colonies_tui.ui.widgets.detail import DetailPane
from colonies_tui.ui.widgets.dialog import Choice, Question
from colonies_tui.ui.widgets.live_table import LiveTable
from colonies_tui.ui.widgets.prompt import Prompt
from colonies_tui.ui.widgets.rule import RulePiece, TitleRule

SIDE = 120
"""From so many columns on, the detail stands beside the lists."""


class FilesView(SeveralLists):
    """Labels, files and snapshots of the colony."""

    KEY = "files"
    TITLE = "Files"
    FEEDS = frozenset({"statistics", "labels", "snapshots"})
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("s", "snapshot", "snapshot", id="files.snapshot"),
        Binding("D", "remove", "remove", id="files.remove"),
        Binding("tab", "pane(1)", "next pane", id="files.next-pane", show=False),
        Binding("shift+tab", "pane(-1)", "previous pane", id="files.previous-pane", show=False),
    ]

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._labels: dict[str, LabelLine] = {}
        self._label = ""
        self._open: Listing[FileData] | None = None
        self._files: dict[str, FileData] = {}
        self._revisions: dict[str, tuple[File, ...]] = {}
        self._held: dict[str, tuple[File, ...]] = {}
        self._loading = ""
        """What is being read for the detail."""
        self._wanted = ""
        """File to go to as soon as the files of its label are known."""

    def compose(self) -> ComposeResult:
        clock = self.context.clock
        with Horizontal():
            with Vertical(id="labels-side"):
                yield TitleRule("Labels", id="labels-rule")
                yield LiveTable(label_columns(), clock=clock, id="labels")
            with Vertical(id="files-side"):
                yield TitleRule("Files", id="files-rule")
                yield LiveTable(file_data_columns(), sort=("name", False), clock=clock, id="files")
                yield TitleRule("Snapshots", id="snapshots-rule")
                yield LiveTable(snapshot_columns(), sort=("added", False), clock=clock, id="snapshots")
            with Vertical(id="file-side"):
                yield TitleRule("", id="file-rule")
                yield DetailPane(id="file-detail")

    @property
    def labels(self) -> LiveTable[LabelLine]:
        """The tree of labels."""
        return self.query_one("#labels", LiveTable)

    @property
    def files(self) -> LiveTable[FileData]:
        """The files under the label."""
        return self.query_one("#files", LiveTable)

    @property
    def snapshots(self) -> LiveTable[Snapshot]:
        """The snapshots."""
        return self.query_one("#snapshots", LiveTable)

    def main_pane(self) -> Widget:
        return self.labels

    def on_resize(self, event: events.Resize) -> None:
        """Put the detail beside the lists, or hide it until a file is opened."""
        self.set_class(self.size.width >= SIDE, "-side")

    # -- showing -----------------------------------------------------------------------------------------------------

    def apply(self, changes: Mapping[str, Changes] | None) -> None:
        session, server = self.session, str(self.session.client.address)
        if touches(changes, ("labels",)):
            resource = session.listings.of(LABELS)
            lines = label_lines({row.name: row.files for row in resource.rows.values()})
            same = list(lines) == list(self._labels)
            self.labels.update_rows(lines, diff_rows(self._labels, lines) if same else None, self.now)
            self._labels = lines
            explain_table(
                self.labels,
                resource.freshness,
                things="labels",
                hint="a file brings its label",
                server=server,
                filter_text=self.filter_of("labels"),
            )
            title = f"Labels · {self.count_of('labels')}"
            self.query_one("#labels-rule", TitleRule).show(title, self.filter_pieces("labels"))
            self._look_into(self.labels.cursor_id or "")
            if self._open is None:
                self._show_files()
        if self._open is not None and touches(changes, (self._open.name,)):
            self._show_files()
        if touches(changes, ("snapshots",)):
            found = session.listings.of(SNAPSHOTS)
            changed = None if changes is None else changes["snapshots"].rows
            self.snapshots.update_rows(found.snapshot(), changed, self.now)
            explain_table(
                self.snapshots,
                found.freshness,
                things="snapshots",
                hint="s takes one",
                server=server,
                filter_text=self.filter_of("snapshots"),
            )
            title = f"Snapshots · {self.count_of('snapshots')}"
            self.query_one("#snapshots-rule", TitleRule).show(title, self.filter_pieces("snapshots"))
        self._show_detail()
        self.refresh_bindings()

    def tick(self) -> None:
        self._show_detail()

    def shown(self) -> None:
        if self._open is not None:
            self.session.look(self, {self._open.name})

    def hidden(self) -> None:
        self.session.look(self, ())

    def _look_into(self, label: str) -> None:
        if label == self._label and (self._open is not None or not label):
            return
        if self._open is not None:
            self.session.listings.close(self._open)
            self._open = None
        self._label = label
        if label:
            self._open = files_of(label)
            self.session.listings.open(self._open)
            self.session.look(self, {self._open.name})
        self._show_files()

    def _show_files(self) -> None:
        listing: Listing[Any] = LABELS if self._open is None else self._open
        resource = self.session.listings.of(listing)
        rows: dict[str, FileData] = {} if self._open is None else resource.snapshot()
        changed = diff_rows(self._files, rows)
        for name in changed:
            self._revisions.pop(name, None)
        self.files.update_rows(rows, changed, self.now)
        self._files = rows
        explain_table(
            self.files,
            resource.freshness,
            things="files" if self._open is None else "files here",
            hint="no label is chosen" if self._open is None else "this label only has labels below it",
            server=str(self.session.client.address),
            filter_text=self.filter_of("files"),
        )
        self._go_to_wanted()
        title = f"Files of {plain(self._label)} · {self.count_of('files')}" if self._label else "Files"
        self.query_one("#files-rule", TitleRule).show(title, self.filter_pieces("files"))

    def _show_detail(self) -> None:
        rule, pane = self.query_one("#file-rule", TitleRule), self.query_one("#file-detail", DetailPane)
        snapshot = self.snapshots.cursor_row if self.snapshots.has_focus else None
        if snapshot is not None:
            rule.show(plain(snapshot.name), [RulePiece.of("snapshot")])
            pane.show(snapshot_sections(snapshot, self._held.get(snapshot.snapshotid), self.now))
            if snapshot.snapshotid not in self._held and snapshot.fileids:
                self._load(snapshot.snapshotid, partial(self._load_snapshot, snapshot))
            return
        file = self.files.cursor_row
        if file is None:
            rule.show("No file")
            pane.show([])
            return
        rule.show(plain(file.name))
        pane.show(file_sections(file, self._label, self._revisions.get(file.name), self.now))
        if file.name not in self._revisions:
            self._load(f"{self._label} {file.name}", partial(self._load_revisions, self._label, file.name))

    def _load(self, what: str, read: Callable[[], Awaitable[None]]) -> None:
        """Read something for the detail, unless that is being read: changes come more often than slow answers."""
        if what != self._loading:
            self._loading = what
            work: Work = partial(self._load_now, what, read)
            self.run_worker(work, group="file detail", exclusive=True)

    async def _load_now(self, what: str, read: Callable[[], Awaitable[None]]) -> None:
        try:
            await read()
        finally:
            if self._loading == what:
                self._loading = ""

    async def _load_revisions(self, label: str, name: str) -> None:
        try:
            found = await revisions(self.session, label, name)
        except ColoniesError:
            return  # the list beside it says what is wrong with the server
        if label == self._label:
            self._revisions[name] = found
            self._show_detail()

    async def _load_snapshot(self, snapshot: Snapshot) -> None:
        try:
            self._held[snapshot.snapshotid] = await files_of_snapshot(self.session, snapshot)
        except ColoniesError:
            return
        self._show_detail()

    @on(LiveTable.CursorMoved)
    def _cursor_moved(self, event: LiveTable.CursorMoved) -> None:
        event.stop()
        if event.table is self.labels:
            self._look_into(event.id or "")
        self._show_detail()
        self.refresh_bindings()

    @on(LiveTable.MarksChanged)
    def _marks_changed(self, event: LiveTable.MarksChanged) -> None:
        event.stop()
        self.refresh_bindings()

    @on(LiveTable.Opened)
    def _opened(self, event: LiveTable.Opened) -> None:
        event.stop()
        if event.table is self.labels:
            self.files.focus()
        else:
            with self.moving():
                self.reopen(event.id)
                self.query_one("#file-detail", DetailPane).focus()

    # -- where one is ------------------------------------------------------------------------------------------------

    def at(self) -> tuple[str, str]:
        if self.snapshots.has_focus:
            return "snapshot", self.snapshots.cursor_id or ""
        name = self.files.cursor_id
        if name and (self.files.has_focus or self.has_class("-detail")):
            return "file", f"{self._label}/{name}"
        return "label", self._label

    def opened(self) -> str:
        shown = self.snapshots if self.snapshots.has_focus else self.files
        return shown.cursor_id or "" if self.has_class("-detail") else ""

    def reopen(self, object_id: str) -> None:
        self.set_class(bool(object_id), "-detail")

    def open_target(self, target: Target) -> None:
        if target.kind == "snapshot":
            self.reveal("snapshots", target.id)
            self.snapshots.focus()
        elif target.kind == "label":
            self._go_to_label(target.id)
        elif target.kind == "file":
            label, _, name = target.id.rpartition("/")
            self._go_to_label(label)
            self._wanted = name
            self._go_to_wanted()

    def _go_to_label(self, label: str) -> None:
        self.reveal("labels", label)
        self._look_into(self.labels.cursor_id or "")
        self.labels.focus()

    def _go_to_wanted(self) -> None:
        """Go to the file that a locator names, once the files of its label are known."""
        if self._wanted and self._open is not None:
            if self.reveal("files", self._wanted):
                self.files.focus()
            elif self.session.listings.of(self._open).freshness.loaded_at is None:
                return
            else:
                say(self.app, f"there is no file {plain(self._wanted)} under {plain(self._label)}", "warning")
            self._wanted = ""
            self._show_detail()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """The detail shows what the focused list has under its cursor."""
        if isinstance(event.widget, LiveTable):
            self._show_detail()
            self.refresh_bindings()

    def action_pane(self, step: int) -> None:
        """Go to another list."""
        panes: Sequence[Widget] = (self.labels, self.files, self.snapshots)
        place = next((i for i, pane in enumerate(panes) if pane.has_focus), 0)
        panes[(place + step) % len(panes)].focus()

    def go_back(self) -> bool:
        if self.has_class("-detail"):
            self.remove_class("-detail")
            self.files.focus()
            return True
        if self.clear_filter():
            return True
        if not self.labels.has_focus:
            self.labels.focus()
            return True
        return False

    def list_fields(self) -> Mapping[str, Fields[Any]]:
        return {"labels": label_fields(), "files": file_fields(), "snapshots": snapshot_fields()}

    def list_of(self, kind: str) -> str:
        return {"file": "files", "snapshot": "snapshots"}.get(kind, "labels")

    # -- keys --------------------------------------------------------------------------------------------------------

    def reason_against(self, action: str) -> str | None:
        reason = self.session.actor.why_not(RemoveFile)
        if reason:
            return reason
        if action.startswith("snapshot"):
            return None if self._label else "there is no label under the cursor"
        target = row_to_act_on(self.snapshots) if self.snapshots.has_focus else row_to_act_on(self.files)
        return None if target is not None else "there is nothing under the cursor to remove"

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Grey out what cannot be done now."""
        if action in ("snapshot", "remove") and self.is_mounted:
            return None if self.reason_against(action) else True
        return True

    def action_snapshot(self) -> None:
        """Freeze the newest revisions under the label."""
        if self._label:
            self.run_worker(self._take_snapshot(self._label), group="files", exclusive=True)

    async def _take_snapshot(self, label: str) -> None:
        line = self._labels.get(label)
        empty = line is not None and not line.revisions
        hint = "the label itself holds no file: a Colonies server would take an empty snapshot" if empty else "its name"

        def check(text: str) -> str | None:
            try:
                check_name(text, "snapshot")
            except UnsafeRequest as error:
                return str(error)
            return None

        name = await self.app.push_screen_wait(Prompt(f"Snapshot of {label}", hint, check=check))
        if name:
            await self.propose(create_snapshot(self.session.colony, label, name))

    def action_remove(self) -> None:
        """Remove the snapshot or file under the cursor, or the marked ones."""
        work: Work | None = None
        if self.snapshots.has_focus:
            snapshot = row_to_act_on(self.snapshots)
            if snapshots := marked_rows(self.snapshots):
                work = partial(self._remove_snapshots, snapshots)
            elif snapshot is not None:
                work = partial(self._remove_snapshot, snapshot)
        elif files := marked_rows(self.files):
            work = partial(self._remove_files, self._label, files)
        elif (file := row_to_act_on(self.files)) is not None:
            work = partial(self._remove_file, self._label, file)
        if work is not None:
            self.run_worker(work, group="files", exclusive=True)

    async def _remove_snapshots(self, snapshots: Mapping[str, Snapshot]) -> None:
        found = [Candidate(key, row.name, remove_snapshot(row), kind=row.label) for key, row in snapshots.items()]
        await act_on_marked(self, self.snapshots, found, ("snapshot", "snapshots"), "Their files stay.")

    async def _remove_files(self, label: str, files: Mapping[str, FileData]) -> None:
        colony = self.session.colony
        found = [Candidate(key, row.name, remove_file(colony, label, row.name)) for key, row in files.items()]
        note = f"All revisions of each under {label}. Snapshots that list them keep dangling ids."
        await act_on_marked(self, self.files, found, ("file", "files"), note)

    async def _remove_snapshot(self, snapshot: Snapshot) -> None:
        question = Question(
            title=f"Remove snapshot {snapshot.name}?",
            commands=as_commands(self.session, remove_snapshot(snapshot)),
            choices=[Choice("keep", "escape", "keep", acts=False), Choice("remove", "y", "remove", "failed")],
            fields=[Field.of("of label", snapshot.label), Field.of("holds", counted(len(snapshot.fileids), "file"))],
            paragraphs=((Span("The files stay."),),),
            name_to_type=snapshot.name,
        )
        if await self.ask(question, RemoveSnapshot) == "remove":
            await self.do(remove_snapshot(snapshot))

    async def _remove_file(self, label: str, file: FileData) -> None:
        found = self._revisions.get(file.name) or ()
        newest: File | None = found[0] if found else None
        choices = [Choice("keep", "escape", "keep", acts=False)]
        if newest is not None and len(found) > 1:
            choices.append(Choice("newest", "n", f"only nr {newest.sequencenr}", "failed"))
        words = "remove it" if len(found) == 1 else f"all {len(found)} revisions" if found else "all its revisions"
        choices.append(Choice("all", "y", words, "failed"))
        stays = "Snapshots that list it keep a dangling id. The content stays in its bucket."
        question = Question(
            title=f"Remove {file.name}?",
            commands=as_commands(self.session, remove_file(self.session.colony, label, file.name)),
            choices=choices,
            fields=[Field.of("label", label), Field.of("revisions", str(len(found) or "not known"))],
            paragraphs=((Span(stays),),),
            name_to_type=file.name,
        )
        answer = await self.ask(question, RemoveFile)
        if answer == "all":
            await self.do(remove_file(self.session.colony, label, file.name))
        elif answer == "newest" and newest is not None:
            await self.do(remove_revision(newest))
