"""An executor of the demo: an ordinary client that registers its functions, takes processes and works on them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from typing import Final

from colonies_tui.client.backoff import Backoff
from colonies_tui.client.client import ColoniesClient
from colonies_tui.demo.assignment import Assignment, Ending, Errand, Workplace
from colonies_tui.demo.cast import COLONY, Member
from colonies_tui.demo.errands import ERRANDS
from colonies_tui.demo.functions import FUNCTIONS, WorkFunction, wire_value
from colonies_tui.demo.process_run import Done, Failed, TakenAway
from colonies_tui.demo.progress import Progress
from colonies_tui.demo.quota import TokenBucket
from colonies_tui.demo.surroundings import Surroundings
from colonies_tui.demo.work import Result
from colonies_tui.protocol.errors import ColoniesError, NotAllowed, NothingAssigned, Refused
from colonies_tui.protocol.models.executor import Allocations, Function, Project
from colonies_tui.protocol.models.process import Attribute, Process
from colonies_tui.protocol.states import AttributeType

_log = logging.getLogger(__name__)

ASSIGN_SECONDS = 10
"""How long an executor waits for work in one request."""

STARTS_PER_SECOND = 3.0
"""How many processes an executor takes per second at most."""

APPROVAL_CHECK_SECONDS = 1.5
"""How often an executor that is not approved looks whether it is by now."""


ABILITIES: Final[Mapping[str, WorkFunction | Errand]] = {**FUNCTIONS, **ERRANDS}
"""Everything that executors of the demo can do, by name."""


class WorkingExecutor:
    """One executor, from its approval on."""

    def __init__(self, member: Member, client: ColoniesClient, workplace: Workplace) -> None:
        self._member = member
        self._client = client
        self._workplace = workplace
        self._rate = TokenBucket(STARTS_PER_SECOND, burst=2)

    async def run(self) -> None:
        """Work for ever: wait for approval, take processes, and wait again when the approval is taken back."""
        backoff = Backoff()
        while True:
            try:
                await self._approved()
                await self._introduce()
                backoff.succeeded()
                while True:
                    await self._take_one()
            except NotAllowed:
                await asyncio.sleep(APPROVAL_CHECK_SECONDS)
            except ColoniesError as error:
                _log.warning("%s: %s", self._member.name, error)
                await asyncio.sleep(backoff.next_delay())

    async def leave(self, reason: str) -> None:
        """Write a last line before going away."""
        try:
            await self._note(reason)
        except ColoniesError as error:
            _log.info("%s left without a word: %s", self._member.name, error)

    async def _approved(self) -> None:
        """Return once this executor is approved. It asks with a read, which a pending executor is refused."""
        while True:
            try:
                await self._client.get_functions(colonyname=COLONY, executorname=self._member.name)
            except NotAllowed:
                await asyncio.sleep(APPROVAL_CHECK_SECONDS)
            else:
                return

    async def _introduce(self) -> None:
        known = await self._client.get_functions(colonyname=COLONY, executorname=self._member.name)
        names = {function.funcname for function in known}
        for function in (ABILITIES[name] for name in self._member.functions if name not in names):
            await self._client.add_function(
                fun=Function(
                    executorname=self._member.name,
                    executortype=self._member.executortype,
                    colonyname=COLONY,
                    funcname=function.name,
                    description=function.description,
                    args=function.arguments,
                )
            )
        share = round(self._workplace.quota.share * 1000)
        await self._client.report_allocation(
            colonyname=COLONY,
            executorname=self._member.name,
            allocations=Allocations(projects={COLONY: Project(allocatedcpu=share)}),
        )
        await self._note(f"ready: {', '.join(self._member.functions)}; all of us share {share} millicores")

    async def _note(self, message: str) -> None:
        await self._client.add_executor_log(colonyname=COLONY, executorname=self._member.name, message=message)

    async def _take_one(self) -> None:
        await asyncio.sleep(self._rate.take())
        try:
            process = await self._client.assign_process(colonyname=COLONY, timeout=ASSIGN_SECONDS)
        except NothingAssigned:
            return
        try:
            await self._carry_out(process)
        except Refused as error:
            # The process alone is lost to us; whether the approval is lost too, the next assign tells.
            await self._note(f"process {process.processid[:8]} was taken away: {error.message}")

    async def _carry_out(self, process: Process) -> None:
        ability = ABILITIES.get(process.spec.funcname)
        if ability is None or ability.name not in self._member.functions:
            error = f"{self._member.name} has no function {process.spec.funcname!r}"
            await self._client.close_failed(processid=process.processid, errors=(error,))
            return
        match await self._end_of(Assignment(process, self._client, self._workplace), ability):
            case Done(result):
                await self._add_attributes(process, {key: wire_value(result[key]) for key in ability.attributes})
                await self._client.close_successful(processid=process.processid, out=(result,))
            case Failed(error):
                await self._client.close_failed(processid=process.processid, errors=(error,))
            case TakenAway(reason):
                await self._note(f"gave up process {process.processid[:8]}: {reason}")

    async def _end_of(self, assignment: Assignment, ability: WorkFunction | Errand) -> Ending:
        process = assignment.process
        attempt = ""
        if process.retries:
            limit = f" of {process.spec.maxretries + 1}" if process.spec.maxretries >= 0 else ""
            attempt = f"attempt {process.retries + 1}{limit}"
        if isinstance(ability, Errand):
            if attempt:
                await assignment.say(attempt)
            return await ability.run(assignment)
        surroundings = Surroundings(self._workplace.corpus, self._workplace.reports, process.input)

        def work(progress: Progress) -> Result:
            if attempt:
                progress.say(attempt)
            return ability(progress, surroundings, process.spec)

        return await assignment.work(work)

    async def _add_attributes(self, process: Process, attributes: dict[str, str]) -> None:
        known = {attribute.key for attribute in process.attributes if attribute.attributetype is AttributeType.OUT}
        for key, value in attributes.items():
            if key not in known:
                await self._client.add_attribute(
                    attribute=Attribute(
                        targetid=process.processid,
                        targetcolonyname=COLONY,
                        attributetype=AttributeType.OUT,
                        key=key,
                        value=value,
                    )
                )
