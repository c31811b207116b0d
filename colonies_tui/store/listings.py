"""Flat lists of a colony that one message answers: a new one costs one constant here."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from colonies_tui.client.client import ColoniesClient
from colonies_tui.protocol.errors import Refused
from colonies_tui.protocol.models.colony import Cluster, Statistics
from colonies_tui.store.clock import Clock
from colonies_tui.store.feed import Feed, Schedule
from colonies_tui.store.pace import Interval
from colonies_tui.store.resource import Resource, Watcher

if TYPE_CHECKING:
    from colonies_tui.protocol.models.blueprint import Blueprint, BlueprintDefinition
    from colonies_tui.protocol.models.file import FileData, Label, Snapshot
    from colonies_tui.protocol.models.location import Location
    from colonies_tui.protocol.models.schedule import Cron, Generator

Row = TypeVar("Row")

MAX_LISTED = 1000
"""Most crons and generators that are asked for; a server has no bound of its own."""

MAX_QUEUES = 40
"""Most generators whose queues are read one by one: their list does not tell them."""

_RARE = Interval(seen=5.0, unseen=300.0)
_LIVE = Interval(seen=2.0, unseen=60.0)


@dataclass(frozen=True, slots=True)
class Listing(Generic[Row]):
    """A list of rows that is read whole."""

    name: str
    """Name of its feed and of its resource."""
    read: Callable[[ColoniesClient, str], Awaitable[tuple[Row, ...]]]
    """Reads it, for a colony."""
    key: Callable[[Row], str]
    """Names a row."""
    interval: Interval


async def _generators(client: ColoniesClient, colony: str) -> tuple[Generator, ...]:
    rows = await client.get_generators(colonyname=colony, count=MAX_LISTED)
    with_queue = []
    for row in rows[:MAX_QUEUES]:
        try:
            with_queue.append(await client.get_generator(generatorid=row.generatorid))
        except Refused:
            continue  # removed meanwhile
    return (*with_queue, *rows[MAX_QUEUES:])


async def _cluster(client: ColoniesClient, colony: str) -> tuple[Cluster, ...]:
    return (await client.get_cluster(),)


async def _server_statistics(client: ColoniesClient, colony: str) -> tuple[Statistics, ...]:
    return (await client.get_server_statistics(),)


CRONS: Listing[Cron] = Listing(
    "crons",
    lambda client, colony: client.get_crons(colonyname=colony, count=MAX_LISTED),
    lambda row: row.cronid,
    _LIVE,
)
GENERATORS: Listing[Generator] = Listing("generators", _generators, lambda row: row.generatorid, _LIVE)
LABELS: Listing[Label] = Listing(
    "labels", lambda client, colony: client.get_file_labels(colonyname=colony), lambda row: row.name, _RARE
)
SNAPSHOTS: Listing[Snapshot] = Listing(
    "snapshots", lambda client, colony: client.get_snapshots(colonyname=colony), lambda row: row.snapshotid, _RARE
)
LOCATIONS: Listing[Location] = Listing(
    "locations", lambda client, colony: client.get_locations(colonyname=colony), lambda row: row.name, _RARE
)
BLUEPRINTS: Listing[Blueprint] = Listing(
    "blueprints",
    lambda client, colony: client.get_blueprints(namespace=colony),
    lambda row: row.metadata.name,
    _RARE,
)
DEFINITIONS: Listing[BlueprintDefinition] = Listing(
    "definitions",
    lambda client, colony: client.get_blueprint_definitions(colonyname=colony),
    lambda row: row.metadata.name,
    _RARE,
)
CLUSTER: Listing[Cluster] = Listing("cluster", _cluster, lambda row: "cluster", _RARE)
SERVER_STATISTICS: Listing[Statistics] = Listing(
    "server statistics", _server_statistics, lambda row: "server", Interval(3.0, 120.0)
)

ALL: tuple[Listing[Any], ...] = (
    CRONS,
    GENERATORS,
    LABELS,
    SNAPSHOTS,
    LOCATIONS,
    BLUEPRINTS,
    DEFINITIONS,
    CLUSTER,
    SERVER_STATISTICS,
)
"""Every listing that a session keeps."""


def files_of(label: str) -> Listing[FileData]:
    """Return the listing of the newest revisions of the files with exactly one label."""
    return Listing(
        f"files {label}",
        lambda client, colony: client.get_files(colonyname=colony, label=label),
        lambda row: row.name,
        _RARE,
    )


class Listings:
    """The resources of the listings of one session, each with its feed."""

    def __init__(
        self, client: ColoniesClient, colony: str, schedule: Schedule, watchers: list[Watcher], clock: Clock
    ) -> None:
        self._client = client
        self._colony = colony
        self._schedule = schedule
        self._watchers = watchers
        self._clock = clock
        self._open: dict[str, tuple[Resource[Any], Feed]] = {}
        for listing in ALL:
            self.open(listing)

    def of(self, listing: Listing[Row]) -> Resource[Row]:
        """Return the resource of a listing that is open."""
        return self._open[listing.name][0]

    @property
    def resources(self) -> tuple[Resource[Any], ...]:
        """All resources that are open."""
        return tuple(resource for resource, _ in self._open.values())

    def open(self, listing: Listing[Row]) -> Resource[Row]:
        """Begin to keep a listing; returns its resource."""
        known = self._open.get(listing.name)
        if known is not None:
            return known[0]
        resource: Resource[Row] = Resource(listing.name, self._watchers)

        async def read() -> None:
            rows = await listing.read(self._client, self._colony)
            resource.replace({listing.key(row): row for row in rows}, self._clock.now())

        feed = Feed(listing.name, read, listing.interval, resource.fail, is_lazy=True)
        self._schedule.add(feed)
        self._open[listing.name] = (resource, feed)
        return resource

    def close(self, listing: Listing[Any]) -> None:
        """Stop keeping a listing."""
        known = self._open.pop(listing.name, None)
        if known is not None:
            self._schedule.remove(known[1])
