"""The workplace that tests of executors share."""

from __future__ import annotations

from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from colonies_tui.client.client import ColoniesClient
from colonies_tui.demo.assignment import Workplace
from colonies_tui.demo.cast import COLONY
from colonies_tui.demo.corpus import Corpus
from colonies_tui.demo.index_shelf import IndexShelf
from colonies_tui.demo.quota import ProcessorQuota
from colonies_tui.demo.reports import Reports
from colonies_tui.localserver.embedded import running_server
from colonies_tui.localserver.settings import FirstIdentities, ServerSettings
from tests.demo.place import Place


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    corpus = Corpus.open(tmp_path / "inputs")
    settings = ServerSettings(allow_reregister=True, identities=FirstIdentities(colony_name=COLONY))
    with ThreadPoolExecutor(1) as pool:
        async with AsyncExitStack() as stack:
            server = await stack.enter_async_context(running_server(settings))
            operator = await stack.enter_async_context(ColoniesClient(server.address, server.identities.keyring))
            workplace = Workplace(
                corpus, Reports(tmp_path / "reports"), IndexShelf(tmp_path / "indexes"), ProcessorQuota(1, 1), pool
            )
            yield Place(server.address, operator, workplace, tmp_path)
