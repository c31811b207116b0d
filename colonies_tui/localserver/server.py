"""One server: its parts put together, without a network."""

from __future__ import annotations

from colonies_tui.localserver.access import Access
from colonies_tui.localserver.channels import Channels
from colonies_tui.localserver.clock import Clock, Stamps, SystemClock
from colonies_tui.localserver.clockwork import Clockwork
from colonies_tui.localserver.crons import Crons
from colonies_tui.localserver.database import Database
from colonies_tui.localserver.generators import Generators
from colonies_tui.localserver.jsontext import array
from colonies_tui.localserver.lifecycle import Lifecycle
from colonies_tui.localserver.periodic import Periodic
from colonies_tui.localserver.pubsub import PubSub
from colonies_tui.localserver.queue import Queue
from colonies_tui.localserver.records.process import process_by_id, process_json
from colonies_tui.localserver.settings import ServerSettings
from colonies_tui.protocol.address import ServerAddress
from colonies_tui.protocol.states import ProcessState

DATABASE_FILE = "colonies.db"
"""Name of the database in the data directory."""


class LocalServer:
    """The parts that handlers work with."""

    def __init__(self, settings: ServerSettings, *, clock: Clock | None = None) -> None:
        """Open the database of a server. Nothing runs before :meth:`start`.

        Raises:
            DatabaseUnusable: the file is in use, or no database of this program.
            OSError: the data directory cannot be made.
        """
        directory = settings.data_directory
        if directory is not None:
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.settings = settings
        self.address = ServerAddress(settings.host, settings.port, tls=False)
        self.clock: Clock = clock or SystemClock()
        self.stamps = Stamps(self.clock)
        self.started_at = self.clock.now()
        self.database = Database(None if directory is None else directory / DATABASE_FILE)
        self.access = Access(self.database)
        self.pubsub = PubSub(
            round_robin=settings.real_quirks, render=lambda process: process_json(self.database, process)
        )
        self.lifecycle = Lifecycle(self.database, self.clock, self.pubsub, real_quirks=settings.real_quirks)
        self.channels = Channels(self.clock, self.stamps)
        self.lifecycle.on_ended.append(self.channels.forget)
        self.queue = Queue(
            self.database,
            self.clock,
            self.access,
            self.lifecycle,
            self.pubsub,
            real_quirks=settings.real_quirks,
        )
        self.clockwork = Clockwork(self.database, self.clock, self.lifecycle, settings)
        self.clockwork.on_cleanup.append(self._forget_channels)
        self.crons = Crons(self)
        self.generators = Generators(self)
        self._checks = (
            Periodic(self.clock, settings.cron_period / 1000, self.crons.check, "crons"),
            Periodic(self.clock, settings.generator_period / 1000, self.generators.check, "generators"),
        )

    def start(self) -> None:
        """Begin the periodic checks."""
        self.clockwork.start()
        for check in self._checks:
            check.start()

    def release(self) -> None:
        """Answer everybody who waits, so that the server can stop soon."""
        self.queue.close()

    def close(self) -> None:
        """Stop the periodic checks and close the database."""
        self.clockwork.stop()
        for check in self._checks:
            check.stop()
        self.queue.close()
        self.database.close()

    def _forget_channels(self) -> None:
        """Forget the channels of processes that were removed before they ended."""
        for processid in self.channels.processids:
            process = process_by_id(self.database, processid)
            if process is None or process.state not in (ProcessState.WAITING, ProcessState.RUNNING):
                self.channels.forget(processid)

    def rows(self, items: list[str]) -> str:
        """Put the rows of a list reply together; a real server writes ``null`` for none."""
        return array(items, null_when_empty=self.settings.real_quirks)
