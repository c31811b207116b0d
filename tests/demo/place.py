"""A server with a colony and a workplace, in the loop of the test."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from colonies_tui.client.client import ColoniesClient
from colonies_tui.demo.assignment import Workplace
from colonies_tui.demo.cast import COLONY, Member
from colonies_tui.demo.enrolment import enrol_executors
from colonies_tui.protocol.address import ServerAddress
from colonies_tui.protocol.crypto import PrivateKey
from colonies_tui.protocol.models.process import Conditions, FunctionSpec, Process

KEY = PrivateKey.new()


@dataclass(frozen=True, slots=True)
class Place:
    address: ServerAddress
    operator: ColoniesClient
    workplace: Workplace
    directory: Path

    async def submit(self, funcname: str, *args: str) -> str:
        spec = FunctionSpec(
            funcname=funcname, args=args, conditions=Conditions(colonyname=COLONY, executortype="hasher")
        )
        return (await self.operator.submit_process(spec=spec)).processid

    async def ended(self, processid: str) -> Process:
        process = await self.operator.get_process(processid=processid)

        async def is_final() -> bool:
            nonlocal process
            process = await self.operator.get_process(processid=processid)
            return process.state.is_final

        await until(is_final, "the process has ended")
        return process

    async def own_log(self, name: str) -> list[str]:
        rows = await self.operator.get_logs(colonyname=COLONY, executorname=name, count=100)
        return [row.message for row in rows if not row.processid]


async def until(condition: Callable[[], Awaitable[bool]], what: str, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not await condition():
        if time.monotonic() > deadline:
            pytest.fail(f"not within {seconds} s: {what}")
        await asyncio.sleep(0.05)


async def enrol(place: Place, member: Member) -> None:
    await enrol_executors(place.operator, [member], {member.name: KEY}, place.directory)
