"""Servers for the tests of this folder."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.localserver.harness import Harness, harness


@pytest.fixture
async def bench() -> AsyncIterator[Harness]:
    """A server in memory with a standing clock."""
    async with harness() as running:
        yield running


@pytest.fixture
async def quirky() -> AsyncIterator[Harness]:
    """The same, behaving as a real server also where ours does better."""
    async with harness(real_quirks=True) as running:
        yield running


@pytest.fixture(params=[False, True], ids=["better", "real quirks"])
async def either(request: pytest.FixtureRequest) -> AsyncIterator[Harness]:
    """A server in each of the two manners."""
    async with harness(real_quirks=request.param) as running:
        yield running
