"""What a console would know of a waiting process at a test's server, and whether the server really hands it out."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from colonies_tui.protocol.crypto import PrivateKey
from colonies_tui.protocol.errors import Refused
from colonies_tui.protocol.messages.colony import GetPauseStatus, GetServerInfo
from colonies_tui.protocol.messages.executor import GetExecutors
from colonies_tui.protocol.models.executor import Capabilities, Hardware
from colonies_tui.protocol.models.process import ProcessRow
from colonies_tui.store.waiting import Verdict, WaitingFacts, explain_waiting
from tests.localserver.harness import COLONY, Harness


@dataclass(frozen=True)
class Machine:
    """What an executor says that it has and, where it is honest, offers when it asks for work; 0 for nothing said."""

    cores: int = 0
    gibibytes: int = 0

    @property
    def capabilities(self) -> Capabilities:
        if not (self.cores or self.gibibytes):
            return Capabilities()
        mem = f"{self.gibibytes}Gi" if self.gibibytes else ""
        return Capabilities(hardware=(Hardware(cores=self.cores, mem=mem),))

    @property
    def offer(self) -> Mapping[str, str]:
        offer = {}
        if self.cores:
            offer["availablecpu"] = f"{self.cores * 1000}m"
        if self.gibibytes:
            offer["availablemem"] = f"{self.gibibytes}Gi"
        return offer


async def verdict_on(bench: Harness, process_id: str, *, runs_something: frozenset[str] = frozenset()) -> Verdict:
    """Return the verdict from what every member of the colony can read."""
    process = await bench.process(process_id)
    info = await bench.send(GetServerInfo())
    pause = await bench.send(GetPauseStatus(colonyname=COLONY))
    executors = await bench.send(GetExecutors(colonyname=COLONY))
    facts = WaitingFacts(
        process=process,
        executors=[(each, each.executorname in runs_something) for each in executors],
        now=bench.clock.now() / 1e9,
        is_paused=pause.ispaused,
        parents={each: ProcessRow.of(await bench.process(each)) for each in process.parents},
        hands_out_storage=info.observersapart is True,
    )
    return explain_waiting(facts)


async def is_handed_to(bench: Harness, process_id: str, key: PrivateKey, **offer: Any) -> bool:
    """Let an executor ask until there is nothing more for it; return whether it got the process."""
    with suppress(Refused):
        while True:
            process = await bench.assign(key, **offer)
            if process.processid == process_id:
                return True
    return False
