"""How the colony gets what stands in it from the start. What is there already is left as it is."""

from __future__ import annotations

import asyncio
import platform
from collections.abc import Iterator
from typing import Final

from colonies_tui.client.client import ColoniesClient
from colonies_tui.demo.cast import COLONY
from colonies_tui.demo.corpus import Corpus, Source
from colonies_tui.demo.filing import LIBRARY_LABEL, KeptFile
from colonies_tui.demo.standing_orders import BLUEPRINTS, CRONS, DEFINITION, GENERATOR, LOCATIONS
from colonies_tui.protocol.crypto import random_id

FILED_PACKAGES: Final = ("asyncio", "json", "tomllib")
"""Packages whose files are filed."""

_FILED_MODULES: Final = ("abc.py", "ast.py", "bisect.py", "calendar.py", "contextlib.py", "copy.py", "dataclasses.py")

_FILES_AT_ONCE: Final = 4
_PAUSE_SECONDS: Final = 0.8
"""Between so many files: filing must not hold up everything else at the start."""

_MANY: Final = 1000


async def add_places(owner: ColoniesClient) -> None:
    """Add the locations and the kind of blueprint, with the colony owner's key.

    Raises:
        ColoniesError: the server refused or was not reached.
    """
    places = {location.name for location in await owner.get_locations(colonyname=COLONY)}
    for location in LOCATIONS:
        if location.name not in places:
            await owner.add_location(location=location.model_copy(update={"locationid": random_id()}))
    kinds = {definition.metadata.name for definition in await owner.get_blueprint_definitions(colonyname=COLONY)}
    if DEFINITION.metadata.name not in kinds:
        await owner.add_blueprint_definition(blueprintdefinition=DEFINITION)


async def add_standing_orders(user: ColoniesClient) -> None:
    """Add crons, the generator and the blueprints in the name of a user.

    Raises:
        ColoniesError: the server refused or was not reached.
    """
    blueprints = {blueprint.metadata.name for blueprint in await user.get_blueprints(namespace=COLONY)}
    for blueprint in BLUEPRINTS:
        if blueprint.metadata.name not in blueprints:
            await user.add_blueprint(blueprint=blueprint)
    crons = {cron.name for cron in await user.get_crons(colonyname=COLONY, count=_MANY)}
    for cron in CRONS:
        if cron.name not in crons:
            await user.add_cron(cron=cron)
    generators = {generator.name for generator in await user.get_generators(colonyname=COLONY, count=_MANY)}
    if GENERATOR.name not in generators:
        await user.add_generator(generator=GENERATOR)


async def file_library(user: ColoniesClient, corpus: Corpus) -> None:
    """File a part of the standard library, as new revisions where it changed, and take a snapshot of it.

    Raises:
        ColoniesError: the server refused or was not reached.
        OSError: a file cannot be read.
    """
    known: dict[str, dict[str, str]] = {}
    added = 0
    for label, file in library_files(corpus):
        if label not in known:
            known[label] = {data.name: data.checksum for data in await user.get_files(colonyname=COLONY, label=label)}
        kept = await asyncio.to_thread(KeptFile.of, label, file.path)
        if known[label].get(kept.name) == kept.sha256:
            continue
        await user.add_file(file=kept.as_file())
        added += 1
        if added % _FILES_AT_ONCE == 0:
            await asyncio.sleep(_PAUSE_SECONDS)
    await take_snapshot(user, LIBRARY_LABEL, f"stdlib-{platform.python_version()}")


async def take_snapshot(user: ColoniesClient, label: str, name: str) -> None:
    """Take a snapshot unless there is one of that name.

    Raises:
        ColoniesError: the server refused or was not reached.
    """
    if name not in {snapshot.name for snapshot in await user.get_snapshots(colonyname=COLONY)}:
        await user.create_snapshot(colonyname=COLONY, label=label, name=name)


def library_files(corpus: Corpus) -> Iterator[tuple[str, Source]]:
    """Yield what is filed, each file with its label."""
    for name in _FILED_MODULES:
        if name in corpus.modules:
            yield LIBRARY_LABEL, corpus.resolve(name)
    for package in FILED_PACKAGES:
        if package in corpus.packages:
            for file in corpus.resolve(package).files():
                yield f"{LIBRARY_LABEL}/{file.name.rpartition('/')[0]}", file
