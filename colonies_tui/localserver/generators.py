"""When generators start their workflows (§ Generators)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from colonies_tui.localserver.records.generator import GeneratorRecord, generators_with_queue, queue_size, unpack
from colonies_tui.localserver.refusal import Refusal
from colonies_tui.localserver.starting import Complaints, start
from colonies_tui.protocol.times import NANOSECONDS

if TYPE_CHECKING:
    from colonies_tui.localserver.server import LocalServer


class Generators:
    """The generators of a server at work."""

    def __init__(self, server: LocalServer) -> None:
        self._server = server
        self._complaints = Complaints("generator")

    def check(self) -> None:
        """Start what has enough packed arguments, or has waited long enough. What could not start keeps them."""
        for generator in generators_with_queue(self._server.database):
            try:
                for count in self._runs(generator):
                    self._run(generator, count)
            except Refusal as refusal:
                self._complaints.about(generator.generatorid, generator.name, refusal)
            else:
                self._complaints.over(generator.generatorid)

    def _runs(self, generator: GeneratorRecord) -> list[int]:
        """Return how many arguments each workflow takes that is to start now."""
        if generator.trigger < 1:  # with which a real server starts nothing, or ends
            return []
        size = queue_size(self._server.database, generator.generatorid)
        if size >= generator.trigger:
            return [generator.trigger] * (size // generator.trigger)
        return [size] if self._has_waited_long(generator) else []

    def _has_waited_long(self, generator: GeneratorRecord) -> bool:
        # Counted from the last run, so that after a quiet time a single argument does not wait at all.
        since = generator.lastrun or generator.firstpack or 0
        return generator.timeout > 0 and self._server.clock.now() - since >= generator.timeout * NANOSECONDS

    def _run(self, generator: GeneratorRecord, count: int) -> None:
        database = self._server.database
        with database.change():
            start(self._server, generator, root_args=unpack(database, generator.generatorid, count))
            database.write(
                "UPDATE generators SET lastrun = ? WHERE generatorid = ?",
                (self._server.clock.now(), generator.generatorid),
            )
