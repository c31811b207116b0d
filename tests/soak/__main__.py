"""The soak: minutes of random faults, random keys and a living colony, and nothing may be left of it.

``SOAK_MINUTES`` (10) says how long, ``SOAK_SEED`` repeats a run's choices, ``SOAK_TRACE=1`` finds where memory went
(slow).
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import random
import sys
import tempfile
import time
import tracemalloc
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path

import httpx

from colonies_tui.store.journal_reading import read_journal
from colonies_tui.store.session import Session
from tests.faults import http_faults
from tests.faults.proxy import Proxy, proxy_to
from tests.faults.test_matrix import doubled, dropped, empty, garbage, no_frame, null
from tests.faults.truth import until_equal
from tests.soak.hands import Hands
from tests.soak.life import COLONY, Life
from tests.soak.remains import Remains, beyond_settled, census, resident_bytes
from tests.ui.console.driver import HASTE, Console, console, profile_at

PACE = replace(HASTE, patience=1.0)
MOST_GROWTH = 1.25
"""Resident memory at the end over that after the warm-up."""

WARM_UP = 0.35
"""Share of the time after which memory should not grow any more."""

HTTP_FAULTS = [
    value for name, value in vars(http_faults).items() if asyncio.iscoroutinefunction(value) and name[0] != "_"
]
FRAME_FAULTS = [doubled, dropped, empty, garbage, no_frame, null]


@dataclass
class Result:
    """What was seen."""

    counts: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    warm_bytes: int = 0
    end_bytes: int = 0


class ErrorLog(logging.Handler):
    """Keeps what is logged as an error."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(self.format(record)[:2000])


async def trouble(proxy: Proxy, life: Life, c: Console, chance: random.Random, counts: Counter[str]) -> None:
    """Spoil things for a while, one after the other, for ever."""
    while True:
        await asyncio.sleep(chance.uniform(0.5, 4.0))
        roll = chance.random()
        if roll < 0.6:
            fault, share = chance.choice(HTTP_FAULTS), chance.choice((0.1, 0.5, 1.0))
            proxy.spoil(fault, lambda asked, share=share: chance.random() < share)  # type: ignore[misc] # bound now
            name = fault.__name__
        elif roll < 0.75:
            frame_fault = chance.choice(FRAME_FAULTS)
            proxy.spoil_frames(frame_fault)
            name = f"events {frame_fault.__name__}"
        elif roll < 0.8:
            proxy.drop_at_once()
            name = "connections dropped"
        elif roll < 0.85:
            proxy.refuse_sockets()
            name = "websockets refused"
        elif roll < 0.9:
            c.clock.ahead = chance.choice((0.0, -3600.0, 3600.0, 86_400.0))
            name = "clock jumped"
        else:
            await life.restart(chance.uniform(0.0, 3.0))
            name = "server killed"
        counts[name] += 1
        await asyncio.sleep(chance.uniform(0.2, 4.0))
        proxy.calm()


def unjournaled(path: Path, proxy: Proxy) -> list[str]:
    """Return the changing requests of which more went out than the journal says were asked."""
    page = read_journal(path, 10**9, time.time())
    asked = Counter(action.msgtype for action in page.actions)
    sent = proxy.changes
    return [
        f"{name}: sent {count} times, asked {asked[name]} times" for name, count in sent.items() if count > asked[name]
    ]


def standing(session: Session) -> list[str]:
    """Return what the session waits for, in words: for a session that has not come to rest."""
    schedule, now = session.schedule, session.clock.monotonic()
    said = [f"lost: {schedule.is_lost}, heartbeat: {schedule.heartbeat}, now {now:.1f}"]
    for feed, tasks in schedule._reads.items():
        for task in tasks:
            stack = "; ".join(f"{frame.f_code.co_filename}:{frame.f_lineno}" for frame in task.get_stack())
            said.append(f"reads {feed.name} since {now - feed.began:.1f} s: {task} at {stack}")
    transport = session.client._transport
    if transport is not None and isinstance(transport._network, httpx.AsyncHTTPTransport):
        pool = transport._network._pool
        said += [f"pool: {pool!r}", *map(repr, getattr(pool, "connections", ()))]
    return said


async def soak(minutes: float, seed: int, directory: Path) -> Result:
    """Run it."""
    result, chance = Result(), random.Random(seed)
    errors = ErrorLog()
    logging.getLogger().addHandler(errors)
    journal = directory / "journal.jsonl"
    life = Life(directory / "data", random.Random(seed + 1))
    await life.start()
    before = Remains.now()
    async with proxy_to(life.serving.address) as proxy:
        profile = profile_at(proxy.address, life.keys, COLONY)
        async with console(profile, directory, pace=PACE, journal_file=journal) as c:
            await c.until_known()
            hands = Hands(c, chance)
            began = time.monotonic()
            tasks = [
                asyncio.create_task(life.run(), name="life"),
                asyncio.create_task(trouble(proxy, life, c, random.Random(seed + 2), result.counts), name="trouble"),
            ]
            types: Counter[str] = Counter()
            while (elapsed := time.monotonic() - began) < minutes * 60:
                if not result.warm_bytes and elapsed > WARM_UP * minutes * 60:
                    types, result.warm_bytes = census(), resident_bytes()
                    if os.environ.get("SOAK_TRACE"):
                        tracemalloc.start(8)
                await hands.act()
                for task in tasks:
                    if task.done():
                        task.result()
                if c.app._exception is not None or not c.app.is_running:
                    result.wrong.append(f"the console ended: {c.app._exception!r}")
                    break
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            proxy.calm()
            c.clock.ahead = 0.0
            if not life.is_served:
                await life.restart(0.0)
            await life.calm_down()
            for _ in range(5):
                await c.press("escape")
            try:
                await until_equal(c.session, life.operator, 60.0)
            except AssertionError as error:
                result.wrong.append(f"not equal to the server: {str(error)[:2000]}")
                result.wrong += standing(c.session)
            result.wrong += unjournaled(journal, proxy)
            result.end_bytes = resident_bytes()
            if result.end_bytes > MOST_GROWTH * result.warm_bytes:
                result.wrong.append(f"memory grew from {result.warm_bytes >> 20} to {result.end_bytes >> 20} MiB")
                result.wrong += [f"  {count:+} {name}" for name, count in (census() - types).most_common(15)]
                if tracemalloc.is_tracing():
                    top = tracemalloc.take_snapshot().statistics("lineno")[:15]
                    result.wrong += [f"  {statistic}" for statistic in top]
            result.counts["keys pressed"] = hands.pressed.total()
            result.counts["requests of the console"] = proxy.counts.total()
            result.counts["requests spoiled"] = proxy.spoiled
            result.counts["changes asked for"] = proxy.changes.total()
    result.counts.update(life.done)
    # The clients of the colony and its server are not the console's: they go first, what is left is the console's.
    await life.aclose()
    result.wrong += [f"left over: {what}" for what in await beyond_settled(before)]
    result.wrong += [f"logged: {message}" for message in errors.messages]
    return result


def main() -> int:
    """Run it and print what came of it; 1 when anything was wrong."""
    minutes = float(os.environ.get("SOAK_MINUTES", "10"))
    seed = int(os.environ.get("SOAK_SEED") or random.SystemRandom().randrange(10**6))
    print(f"soak of {minutes:g} minutes, SOAK_SEED={seed}", flush=True)
    with tempfile.TemporaryDirectory() as directory, contextlib.chdir(directory):
        result = asyncio.run(soak(minutes, seed, Path(directory)))
    for name, count in sorted(result.counts.items()):
        print(f"  {name:<32} {count:>8,}")
    growth = result.end_bytes / max(1, result.warm_bytes)
    sizes = f"{result.warm_bytes >> 20} and {result.end_bytes >> 20} MiB, {growth:.2f}×"
    print(f"  memory after warm-up and at the end: {sizes}")
    for words in result.wrong:
        print(words, file=sys.stderr)
    print("nothing was wrong" if not result.wrong else f"wrong with SOAK_SEED={seed}")
    return 1 if result.wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
