"""A colony for each test, and a way to open the console on it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.ui.console.colony import Colony, living_colony


@pytest.fixture
async def colony() -> AsyncIterator[Colony]:
    """An empty colony at a server of its own."""
    async with living_colony() as colony:
        yield colony
