"""The programme carried out, in the names of the demo's users."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Mapping

from colonies_tui.client.client import ColoniesClient
from colonies_tui.demo.cast import COLONY
from colonies_tui.demo.furnishing import take_snapshot
from colonies_tui.demo.programme import ChangeBlueprint, Pack, Programme, StartWorkflow, Step, TakeSnapshot
from colonies_tui.demo.submitter import WAITING_LIMIT, waiting_processes
from colonies_tui.protocol.errors import ColoniesError, NotFound

_log = logging.getLogger(__name__)

LATE_SECONDS = 5.0
"""A programme that is later than this goes on from where it is: a machine that slept must not make up for the night."""


class ProgrammeRun:
    """Carries out one programme."""

    def __init__(self, users: Mapping[str, ColoniesClient], programme: Programme) -> None:
        """Args:
        users: a client for each user of the programme, by name.
        programme: what to do.
        """
        self._users = users
        self._programme = programme

    async def run(self) -> None:
        """Go through the programme for ever."""
        began = time.monotonic()
        async with asyncio.TaskGroup() as tasks:
            for at, step in self._programme.steps():
                late = time.monotonic() - (began + at)
                if late > LATE_SECONDS:
                    began += late
                await asyncio.sleep(max(0.0, -late))
                tasks.create_task(self._carry_out(step))

    async def _carry_out(self, step: Step) -> None:
        client = self._users[step.user]
        try:
            match step:
                case StartWorkflow(spec=spec, cancel_after=seconds):
                    if await waiting_processes(client) >= WAITING_LIMIT:
                        return
                    graph = await client.submit_workflow(spec=spec)
                    if seconds is not None:
                        await asyncio.sleep(seconds)
                        await client.cancel_process_graph(processgraphid=graph.processgraphid)
                case Pack(generator=name, arg=arg):
                    generator = await client.resolve_generator(colonyname=COLONY, generatorname=name)
                    await client.pack_generator(generatorid=generator.generatorid, arg=arg)
                case ChangeBlueprint(name=name, spec=wanted):
                    blueprint = await client.get_blueprint(namespace=COLONY, name=name)
                    await client.update_blueprint(blueprint=blueprint.model_copy(update={"spec": wanted}))
                case TakeSnapshot(label=label, name=name):
                    await take_snapshot(client, label, name)
        except NotFound as error:
            _log.info("%s: %s", type(step).__name__, error)  # the operator removed it
        except ColoniesError as error:
            _log.warning("%s: %s", type(step).__name__, error)
