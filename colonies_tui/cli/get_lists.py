"""The lists that ``colonies-tui get`` prints: what each reads of a session, and its rows, columns and fields.

They are those of the console's screens: the same feeds, the same columns, the same fields of the filter.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeVar

from colonies_tui.cli.get_cuts import listed_cut, process_cuts, waiting_cut, workflow_cuts, workflow_rows
from colonies_tui.cli.get_list import PrintedList
from colonies_tui.cli.message_fields import WrongInput
from colonies_tui.protocol.models.blueprint import Blueprint
from colonies_tui.protocol.models.file import FileData
from colonies_tui.protocol.states import ProcessState
from colonies_tui.store.clock import SystemClock
from colonies_tui.store.colony_board import BOARD
from colonies_tui.store.colony_standing import ColonyStanding
from colonies_tui.store.colony_state import ColonyState
from colonies_tui.store.executor_condition import ExecutorCondition
from colonies_tui.store.freshness import Freshness
from colonies_tui.store.graphs import GRAPH_FEEDS
from colonies_tui.store.listings import (
    BLUEPRINTS,
    CRONS,
    DEFINITIONS,
    GENERATORS,
    LABELS,
    LOCATIONS,
    SNAPSHOTS,
    Listing,
    files_of,
)
from colonies_tui.store.process_feeds import PROCESS_FEEDS
from colonies_tui.store.session import Session
from colonies_tui.store.waits_for import WaitsFor
from colonies_tui.ui.tables import blueprints, colonies, crons, executors, files, functions, generators, queues
from colonies_tui.ui.tables.processes import process_columns, process_fields
from colonies_tui.ui.tables.workflows import workflow_columns, workflow_fields

Row = TypeVar("Row")


def _session_lists(session: Session) -> Sequence[Freshness]:
    return list(session.process_lists.values())


def _process_rest(session: Session) -> Sequence[Freshness]:
    return [session.statistics.freshness, session.executors.freshness, session.pause.freshness]


def _waits_for(state: ColonyState) -> Callable[[Any], str]:
    known = WaitsFor.of(state)
    return (lambda row: "") if known is None else known.words


def _cron_rows(session: Session) -> dict[str, crons.CronLine]:
    graphs, now = session.graphs.rows, session.clock.now()
    lines = {}
    for cron_id, cron in session.listings.of(CRONS).rows.items():
        last = graphs.get(cron.prevprocessgraphid)
        is_telling = last is not None and (last.state.is_final or last.state is ProcessState.RUNNING)
        lines[cron_id] = crons.cron_line(cron, last, (last.state,) if last is not None and is_telling else (), now)
    return lines


def _colony_rows(session: Session) -> dict[str, colonies.ColonyLine]:
    others = session.colony_standings
    return {
        name: colonies.ColonyLine(
            colony,
            session.standing if name == session.colony else others.get(name) or ColonyStanding(),
            name == session.colony,
        )
        for name, colony in session.colonies.rows.items()
    }


def _all_colonies_read(session: Session) -> bool:
    others = session.colony_standings
    names = session.colonies.rows.keys() - {session.colony}
    return others.freshness.error is not None or all(name in others.rows for name in names)


def _blueprint_rows(session: Session) -> dict[str, blueprints.BlueprintLine]:
    kinds = {row.spec.names.kind: row for row in session.listings.of(DEFINITIONS).rows.values()}
    found: Mapping[str, Blueprint] = session.listings.of(BLUEPRINTS).rows
    return {name: blueprints.BlueprintLine(row, kinds.get(row.kind)) for name, row in found.items()}


def _of_listing(listing: Listing[Row]) -> Callable[[Session], Sequence[Freshness]]:
    return lambda session: [session.listings.of(listing).freshness]


_LISTS: Final[tuple[PrintedList[Any], ...]] = (
    PrintedList(
        "processes",
        "processes of all states",
        "processes",
        PROCESS_FEEDS | {"executors", "pause"},
        _session_lists,
        lambda state, alphabet: process_columns(state.executor_name, alphabet, _waits_for(state)),
        lambda state: process_fields(state.executor_name),
        lambda session: session.processes.snapshot(),
        "age",
        _process_rest,
        cuts=process_cuts,
    ),
    PrintedList(
        "workflows",
        "process graphs, with how far each has come",
        "workflows",
        GRAPH_FEEDS | PROCESS_FEEDS,
        lambda session: list(session.graphs.lists.values()),
        lambda state, alphabet: workflow_columns(alphabet),
        lambda state: workflow_fields(),
        workflow_rows,
        "age",
        lambda session: [session.statistics.freshness, *_session_lists(session)],
        cuts=workflow_cuts,
    ),
    PrintedList(
        "executors",
        "executors, with what each runs",
        "executors",
        PROCESS_FEEDS | {"executors"},
        lambda session: [session.executors.freshness],
        lambda state, alphabet: executors.executor_columns(alphabet),
        lambda state: executors.executor_fields(),
        lambda session: {
            name: executors.executor_line(session, executor) for name, executor in session.executors.rows.items()
        },
        "state",
        _session_lists,
        restless=frozenset({"heard"}),
        is_hidden=lambda row, text: row.condition is ExecutorCondition.GONE and "gone" not in text,
        hidden="gone; state=gone shows them",
    ),
    PrintedList(
        "queues",
        "the queue of each executor type",
        "overview queues",
        PROCESS_FEEDS | {"executors", "pause"},
        lambda session: [session.executors.freshness, *_session_lists(session)],
        lambda state, alphabet: queues.queue_columns(alphabet),
        lambda state: queues.queue_fields(),
        lambda session: {queue.executortype: queue for queue in session.queues()},
        "",
        _process_rest,
        cuts=waiting_cut,
        restless=frozenset({"wait", "rate"}),
    ),
    PrintedList(
        "crons",
        "workflows that are started by the clock",
        "crons",
        GRAPH_FEEDS | {CRONS.name},
        _of_listing(CRONS),
        lambda state, alphabet: crons.cron_columns(alphabet),
        lambda state: crons.cron_fields(),
        _cron_rows,
        "name",
        lambda session: list(session.graphs.lists.values()),
        cuts=listed_cut(CRONS),
    ),
    PrintedList(
        "generators",
        "what starts workflows when enough was packed",
        "generators",
        frozenset({GENERATORS.name}),
        _of_listing(GENERATORS),
        lambda state, alphabet: generators.generator_columns(alphabet),
        lambda state: generators.generator_fields(),
        lambda session: session.listings.of(GENERATORS).snapshot(),
        "name",
        cuts=listed_cut(GENERATORS),
    ),
    PrintedList(
        "functions",
        "functions that executors registered",
        "functions",
        frozenset({"functions"}),
        lambda session: [session.functions.freshness],
        lambda state, alphabet: functions.function_columns(
            alphabet, lambda: max((row.avgexectime for row in state.functions.rows.values()), default=0.0)
        ),
        lambda state: functions.function_fields(),
        lambda session: session.functions.snapshot(),
        "calls",
    ),
    PrintedList(
        "labels",
        "labels of files, as a tree",
        "files labels",
        frozenset({LABELS.name}),
        _of_listing(LABELS),
        lambda state, alphabet: files.label_columns(),
        lambda state: files.label_fields(),
        lambda session: files.label_lines({row.name: row.files for row in session.listings.of(LABELS).rows.values()}),
        "",
    ),
    PrintedList(
        "snapshots",
        "snapshots of files",
        "files snapshots",
        frozenset({SNAPSHOTS.name}),
        _of_listing(SNAPSHOTS),
        lambda state, alphabet: files.snapshot_columns(),
        lambda state: files.snapshot_fields(),
        lambda session: session.listings.of(SNAPSHOTS).snapshot(),
        "added",
    ),
    PrintedList(
        "blueprints",
        "what should be, kept by reconcilers",
        "blueprints",
        frozenset({BLUEPRINTS.name, DEFINITIONS.name}),
        _of_listing(BLUEPRINTS),
        lambda state, alphabet: blueprints.blueprint_columns(alphabet),
        lambda state: blueprints.blueprint_fields(),
        _blueprint_rows,
        "name",
        _of_listing(DEFINITIONS),
    ),
    PrintedList(
        "colonies",
        "colonies that this profile can see",
        "colonies colonies",
        frozenset({"colonies", BOARD, "executors"}),
        lambda session: [session.colonies.freshness],
        lambda state, alphabet: colonies.colony_columns(alphabet),
        lambda state: colonies.colony_fields(),
        _colony_rows,
        "name",
        lambda session: [session.statistics.freshness, session.executors.freshness],
        is_whole=_all_colonies_read,
    ),
    PrintedList(
        "users",
        "users of the colony",
        "colonies users",
        frozenset({"users"}),
        lambda session: [session.users.freshness],
        lambda state, alphabet: colonies.user_columns(),
        lambda state: colonies.user_fields(),
        lambda session: session.users.snapshot(),
        "name",
    ),
    PrintedList(
        "locations",
        "places of the colony",
        "colonies locations",
        frozenset({LOCATIONS.name}),
        _of_listing(LOCATIONS),
        lambda state, alphabet: colonies.location_columns(),
        lambda state: colonies.location_fields(),
        lambda session: session.listings.of(LOCATIONS).snapshot(),
        "name",
    ),
)


def _files(label: str) -> PrintedList[FileData]:
    listing = files_of(label)
    return PrintedList(
        "files",
        "files with one label, given with --label",
        "files files",
        frozenset({listing.name}),
        lambda session: [session.listings.open(listing).freshness],
        lambda state, alphabet: files.file_data_columns(),
        lambda state: files.file_fields(),
        lambda session: session.listings.of(listing).snapshot(),
        "name",
    )


def every_list() -> Sequence[PrintedList[Any]]:
    """Return all lists, for saying what there is."""
    return sorted((*_LISTS, _files("")), key=lambda printed: printed.name)


def list_named(name: str, label: str | None) -> PrintedList[Any]:
    """Return one list.

    Args:
        name: its name.
        label: the label whose files are wanted.

    Raises:
        WrongInput: there is no such list, or the label is missing or too much.
    """
    if name == "files":
        if label is None:
            raise WrongInput("files are those of one label: give it with --label; colonies-tui get labels names all")
        return _files(label)
    if label is not None:
        raise WrongInput("--label is for files alone")
    for printed in _LISTS:
        if printed.name == name:
            return printed
    raise WrongInput(f"there is no list {name!r}: colonies-tui get --list names them")


def nothing_known() -> ColonyState:
    """Return the state of no colony, to ask a list for its columns and fields without a server."""
    return ColonyState("", SystemClock(), most_processes=1)
