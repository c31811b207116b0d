"""Finding the process that a request is about, and the tests on who runs it that several handlers make."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from colonies_tui.localserver.records.process import ProcessRecord, process_by_id
from colonies_tui.localserver.refusal import Refusal
from colonies_tui.localserver.registry import Located
from colonies_tui.localserver.server import LocalServer


def the_process(status: int, words: str) -> Callable[[LocalServer, Any], Located[ProcessRecord]]:
    """Locate by ``processid``; an unknown one is refused with the given status and words, before the role check."""

    def locate(server: LocalServer, request: Any) -> Located[ProcessRecord]:
        process = process_by_id(server.database, request.processid)
        if process is None:
            raise Refusal(status, words)
        return Located(process.colonyname, process)

    return locate
