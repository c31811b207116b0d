"""Executors that speak with the server while they work: the keeper of indexes, the guide, the furnishing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import pytest

from colonies_tui.client.client import ColoniesClient
from colonies_tui.demo import conversation, furnishing
from colonies_tui.demo.cast import CAST, COLONY, GUIDE, RECONCILER
from colonies_tui.demo.colony import furnish, live
from colonies_tui.demo.conversation import CHANNEL, decoded, encoded
from colonies_tui.demo.furnishing import add_places
from colonies_tui.demo.reconciler import note_reconciliation
from colonies_tui.demo.standing_orders import DEEP_INDEX, KIND, index_blueprint
from colonies_tui.demo.talk import CONVERSATION
from colonies_tui.protocol.crypto import PrivateKey
from colonies_tui.protocol.messages.blueprint import UpdateBlueprint
from colonies_tui.protocol.models.channel import ChannelEntry
from colonies_tui.protocol.request import Request
from colonies_tui.protocol.states import ProcessState
from tests.demo.place import KEY, Place, enrol, until

R = TypeVar("R")


@asynccontextmanager
async def at_work(place: Place, executortype: str) -> AsyncIterator[None]:
    """Let the executor of a type work until the block ends."""
    member = next(member for member in CAST if member.executortype == executortype)
    await enrol(place, member)
    async with asyncio.TaskGroup() as tasks:
        working = tasks.create_task(live(member, place.address, KEY, place.workplace))
        yield
        working.cancel()


async def entries(place: Place, processid: str) -> tuple[ChannelEntry, ...]:
    return await place.operator.read_channel(processid=processid, name=CHANNEL)


async def test_an_index_follows_its_blueprint_until_both_are_gone(place: Place) -> None:
    operator = place.operator

    async def status() -> dict[str, Any]:
        return (await operator.get_blueprint(namespace=COLONY, name="xml")).status or {}

    async def is_of(package: str, depth: int) -> None:
        async def reported() -> bool:
            found = await status()
            return (found.get("package"), found.get("depth")) == (package, depth)

        await until(reported, f"an index of {package}, {depth}")

    await add_places(operator)
    async with at_work(place, RECONCILER):
        blueprint = await operator.add_blueprint(blueprint=index_blueprint("xml", {"package": "xml", "depth": 2}))
        await is_of("xml", 1)
        process = await operator.reconcile_blueprint(namespace=COLONY, name="xml")
        done = await place.ended(process.processid)
        assert done.out[0] == {"blueprints": {"xml": "as it should be"}}
        await is_of("xml", 2)
        await operator.update_blueprint(
            blueprint=blueprint.model_copy(update={"spec": {"package": "json", "depth": 1}})
        )
        await is_of("json", 1)
        kept = place.workplace.shelf.read("xml")
        assert kept is not None
        assert kept.items() == (await status()).items()
        history = await operator.get_blueprint_history(blueprintid=blueprint.blueprintid)
        assert [entry.generation for entry in history] == [2, 1]

        await operator.update_blueprint(
            blueprint=blueprint.model_copy(update={"spec": {"package": "gone", "depth": 1}})
        )

        async def says_what_is_wrong() -> bool:
            return str((await status()).get("problem", "")).startswith("FileNotFoundError: ")

        await until(says_what_is_wrong, "the problem is reported")
        await operator.remove_blueprint(namespace=COLONY, name="xml")

        async def is_cleaned_up() -> bool:
            return place.workplace.shelf.read("xml") is None

        await until(is_cleaned_up, "the index is removed")


async def test_a_change_meanwhile_is_not_lost(place: Place) -> None:
    """Somebody changes a blueprint just when the reconciler writes into it."""
    operator = place.operator
    await add_places(operator)
    blueprint = await operator.add_blueprint(blueprint=index_blueprint("xml", {"package": "xml", "depth": 1}))
    changed = blueprint.model_copy(update={"spec": {"package": "json", "depth": 1}})

    class Late(ColoniesClient):
        is_first = True

        async def send(self, request: Request[R], *, key: PrivateKey | None = None) -> R:
            if isinstance(request, UpdateBlueprint) and self.is_first:
                self.is_first = False
                await operator.update_blueprint(blueprint=changed)
            return await super().send(request, key=key)

    async with Late(place.address, operator.keys) as client:
        await note_reconciliation(client, blueprint, "f" * 64)
    now = await operator.get_blueprint(namespace=COLONY, name="xml")
    assert now.spec == changed.spec
    assert now.metadata.last_reconciliation_process == "f" * 64


async def test_a_blueprint_that_is_gone_fails_its_process(place: Place) -> None:
    await add_places(place.operator)
    async with at_work(place, RECONCILER):
        spec = CONVERSATION.model_copy(
            update={
                "funcname": "reconcile",
                "kwargs": {"kind": KIND, "blueprintName": "never"},
                "conditions": CONVERSATION.conditions.model_copy(update={"executortype": RECONCILER}),
            }
        )
        process = await place.ended((await place.operator.submit_process(spec=spec)).processid)
    assert process.errors == ("there is no blueprint 'never' any more",)


async def test_a_conversation(place: Place) -> None:
    operator = place.operator

    async def ask(number: int, question: str) -> None:
        await operator.append_to_channel(processid=processid, name=CHANNEL, sequence=number, content=encoded(question))

    async with at_work(place, GUIDE):
        processid = (await operator.submit_process(spec=CONVERSATION)).processid
        await ask(1, "files json")
        await ask(2, "lines gone.py")

        async def both_are_answered() -> bool:
            return {1, 2} <= {entry.inreplyto for entry in await entries(place, processid)}

        await until(both_are_answered, "both questions are answered")
        answers = {entry.inreplyto: decoded(entry) for entry in await entries(place, processid) if entry.inreplyto}
        assert answers[1].startswith(f"json: {len(place.workplace.corpus.resolve('json').files())} files")
        assert answers[2].startswith("FileNotFoundError: ")
        await ask(3, "bye")
        process = await place.ended(processid)
    assert (process.state, process.out) == (ProcessState.SUCCESS, ({"answered": 2},))


async def test_a_conversation_without_a_channel_or_without_questions(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conversation, "SILENCE_SECONDS", 0.2)
    async with at_work(place, GUIDE):
        mute = CONVERSATION.model_copy(update={"channels": None})
        failed = await place.ended((await place.operator.submit_process(spec=mute)).processid)
        silent = await place.ended((await place.operator.submit_process(spec=CONVERSATION)).processid)
    assert failed.errors == ("a conversation needs a channel called 'questions' in its specification",)
    assert silent.out == ({"answered": 0},)


async def test_furnishing_leaves_alone_what_is_there(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(furnishing, "_PAUSE_SECONDS", 0)
    operator = place.operator

    async def standing() -> list[Any]:
        labels = await operator.get_file_labels(colonyname=COLONY)
        return [
            {cron.cronid for cron in await operator.get_crons(colonyname=COLONY, count=100)},
            {blueprint.blueprintid for blueprint in await operator.get_blueprints(namespace=COLONY)},
            {generator.generatorid for generator in await operator.get_generators(colonyname=COLONY, count=100)},
            {location.locationid for location in await operator.get_locations(colonyname=COLONY)},
            {label.name: label.files for label in labels},
            {snapshot.snapshotid for snapshot in await operator.get_snapshots(colonyname=COLONY)},
        ]

    async def everything() -> list[Any]:
        await add_places(operator)
        await furnish(operator, place.workplace.corpus)
        return await standing()

    first = await everything()
    assert [len(part) for part in first[:4]] == [4, 2, 1, 2]
    assert await everything() == first
    await operator.remove_blueprint(namespace=COLONY, name=DEEP_INDEX)
    second = await everything()
    assert len(second[1] - first[1]) == 1
