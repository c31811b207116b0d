"""Records what comes to a client into a file, from one task."""

from __future__ import annotations

import asyncio
import os
import threading
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from colonies_tui import __version__
from colonies_tui.client.client import ColoniesClient
from colonies_tui.protocol.errors import ColoniesError, Refused
from colonies_tui.protocol.request import Request
from colonies_tui.store.clock import Clock
from colonies_tui.store.recording.entries import Header, RecordingError
from colonies_tui.store.recording.removal import REMOVED_WORDS, Removal
from colonies_tui.store.recording.writing import RecordingWriter

SUFFIX: Final = ".ctrec"
"""How the name of a recording usually ends."""

MAX_FILE_BYTES: Final = 64 * 1024 * 1024
"""Size at which a recording stops by itself."""

MAX_PENDING_BYTES: Final = 32 * 1024 * 1024
"""Most that waits to be written; what comes beyond is left out, and that is noted."""

FLUSH_SECONDS: Final = 1.0
"""How often what came is written: what a kill can cost."""

_GZIP: Final = 31

Write = Callable[[RecordingWriter], None]


class Recorder:
    """A witness of one client (:class:`colonies_tui.client.witness.Witness`) that writes down what it sees.

    What changes the server is not written: nobody could ask for it again.
    """

    def __init__(
        self,
        path: Path,
        client: ColoniesClient,
        colony: str,
        clock: Clock,
        *,
        profile_name: str = "",
        most_bytes: int = MAX_FILE_BYTES,
        rewrite: Callable[[str], str] | None = None,
    ) -> None:
        """Create the file, readable for its owner alone, and begin to look on.

        Args:
            path: a file that does not exist.
            client: whose replies and events are recorded.
            colony: name of the colony.
            clock: times.
            profile_name: for the reader.
            most_bytes: size at which it stops.
            rewrite: changes every text that is written, after secrets were taken out.

        Raises:
            RecordingError: the file exists or cannot be created.
        """
        try:
            self._file = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        except FileExistsError:
            raise RecordingError(f"{path} exists already; a recording never writes over a file") from None
        except OSError as error:
            raise RecordingError(f"{path} cannot be created: {error.strerror or error}") from None
        self.path = path
        self.problem = ""
        """Why it stopped by itself; empty while it goes on and when it was stopped."""
        self.is_over = False
        self.bytes_written = 0
        self._client = client
        self._clock = clock
        self._began = clock.monotonic()
        self._most_bytes = most_bytes
        self._pending: list[Write] = []
        self._pending_bytes = 0
        self._lost = 0
        self._lock = threading.Lock()
        self._packer = zlib.compressobj(6, zlib.DEFLATED, _GZIP)
        keys = client.keys
        slots = {"member": keys.member, "colony": keys.colony, "server": keys.server}
        header = Header(
            began=clock.now(),
            program=__version__,
            profile=profile_name,
            server=str(client.address),
            colony=colony,
            identities={slot: key.identity for slot, key in slots.items() if key is not None},
            removed=REMOVED_WORDS,
        )
        self._writer = RecordingWriter(header, Removal(keys, rewrite=rewrite))
        client.witness = self

    @property
    def seconds(self) -> float:
        """How long it has been recording."""
        return self._clock.monotonic() - self._began

    # What is seen -----------------------------------------------------------------------------------------------------

    def answered(self, request: Request[Any], seconds: float, payload: bytes) -> None:
        at, asked = self._times(seconds)
        asks = request.payload()
        if not request.changes:
            self._put(lambda writer: writer.answer(at, asked, request.msgtype, asks, payload), len(payload))

    def failed(self, request: Request[Any], seconds: float, error: ColoniesError) -> None:
        at, asked = self._times(seconds)
        asks = request.payload()
        status = error.status if isinstance(error, Refused) else 0
        words = error.message if isinstance(error, Refused) else str(error)
        kind = type(error).__name__
        if not request.changes:
            self._put(lambda writer: writer.failure(at, asked, request.msgtype, asks, kind, status, words))

    def heard(self, request: Request[Any], content: Any, position: int = 0) -> None:
        at, _ = self._times(0.0)
        asks = request.payload()
        self._put(lambda writer: writer.heard(at, request.msgtype, asks, content, position))

    def linked(self, request: Request[Any], error: ColoniesError | None) -> None:
        at, _ = self._times(0.0)
        asks = request.payload()
        words = None if error is None else str(error)
        self._put(lambda writer: writer.link(at, request.msgtype, asks, words))

    def _times(self, seconds: float) -> tuple[int, int]:
        at = int(self.seconds * 1000)
        return at, max(0, at - round(seconds * 1000))

    def _put(self, write: Write, size: int = 1000) -> None:
        if self.is_over:
            return
        if self._pending_bytes + size > MAX_PENDING_BYTES:
            self._lost += 1
            return
        self._pending.append(write)
        self._pending_bytes += size

    # Writing ----------------------------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Write what comes, once a second, until it is stopped or something ends it; see :attr:`problem`."""
        while not self.is_over:
            await self._clock.wait(asyncio.Event(), FLUSH_SECONDS)
            await asyncio.to_thread(self._write)

    def stop(self) -> None:
        """Write the rest and close the file; harmless when it is over."""
        if self._client.witness is self:
            self._client.witness = None
        self._write(is_last=True)

    def _write(self, *, is_last: bool = False) -> None:
        with self._lock:
            if self.is_over:
                return
            pending, self._pending, self._pending_bytes = self._pending, [], 0
            at, _ = self._times(0.0)
            for write in pending:
                try:
                    write(self._writer)
                except ValueError:
                    continue  # it was decoded leniently and is not JSON by the letter
            if self._lost:
                self._writer.note(at, f"{self._lost} replies came too fast to be written")
                self._lost = 0
            text = self._writer.take()
            if is_last:
                self._writer.note(at, "stopped")
                text += self._writer.take()
            if text or is_last:
                self._store(text, is_last=is_last)
            if self.bytes_written >= self._most_bytes and not is_last:
                self._writer.note(at, f"stopped: the file has reached {self._most_bytes >> 20} MiB")
                self._store(self._writer.take(), is_last=True)
                self._end(f"the recording stopped at {self._most_bytes >> 20} MiB: {self.path}")

    def _store(self, text: bytes, *, is_last: bool) -> None:
        if self.is_over:
            return
        packed = self._packer.compress(text) + self._packer.flush(zlib.Z_FINISH if is_last else zlib.Z_SYNC_FLUSH)
        try:
            while packed:
                written = os.write(self._file, packed)
                self.bytes_written += written
                packed = packed[written:]
        except OSError as error:
            self._end(f"the recording stopped: {self.path} cannot be written: {error.strerror or error}")
            return
        if is_last:
            self._end("")

    def _end(self, problem: str) -> None:
        self.problem = problem
        if not self.is_over:
            self.is_over = True
            os.close(self._file)
