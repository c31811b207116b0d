"""Generators (§ Generator)."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any

from colonies_tui.localserver.handlers.checks import check_workflow_text
from colonies_tui.localserver.jsontext import EMPTY_OBJECT
from colonies_tui.localserver.records.generator import (
    GeneratorRecord,
    generator_by_id,
    generator_by_name,
    generators_of,
    insert_generator,
    pack,
    queue_size,
)
from colonies_tui.localserver.records.generator import remove_generator as delete_generator
from colonies_tui.localserver.refusal import Refusal
from colonies_tui.localserver.registry import Call, Located, by_colonyname, handles
from colonies_tui.localserver.server import LocalServer
from colonies_tui.protocol.crypto import random_id
from colonies_tui.protocol.messages.schedule import (
    AddGenerator,
    GetGenerator,
    GetGenerators,
    PackGenerator,
    RemoveGenerator,
    ResolveGenerator,
)


def _colony_of_generator(server: LocalServer, request: AddGenerator) -> Located[None]:
    return Located(request.generator.colonyname, None)


def _the_generator(words: str) -> Callable[[LocalServer, Any], Located[GeneratorRecord]]:
    """Locate by ``generatorid``; an unknown one is refused before the role check."""

    def locate(server: LocalServer, request: Any) -> Located[GeneratorRecord]:
        generator = generator_by_id(server.database, request.generatorid)
        if generator is None:
            raise Refusal(500, f"Failed to {words} generator, generator is nil")
        return Located(generator.colonyname, generator)

    return locate


def _named(server: LocalServer, request: ResolveGenerator) -> Located[GeneratorRecord]:
    generator = generator_by_name(server.database, request.colonyname, request.generatorname)
    if generator is None:
        raise Refusal(500, "Failed to resolve generator, generator is nil")
    return Located(generator.colonyname, generator)


@handles(
    AddGenerator,
    "add generator",
    locate=_colony_of_generator,
    needs=("generator", "Failed to add generator, msg.Generator is nil"),
)
def add_generator(call: Call[AddGenerator, None]) -> str:
    server, sent = call.server, call.request.generator
    if sent.trigger < 1 and not server.settings.real_quirks:
        raise Refusal(400, "Failed to add generator, the trigger must be at least 1")
    check_workflow_text(server, sent.workflowspec, always_whole=True)
    generator = GeneratorRecord(
        generatorid=random_id(),
        colonyname=sent.colonyname,
        name=sent.name,
        initiatorid=call.caller.identity,
        initiatorname=call.caller.name,
        workflowspec=sent.workflowspec,
        trigger=sent.trigger,
        timeout=sent.timeout,
        firstpack=None,
        lastrun=None,
    )
    try:
        insert_generator(server.database, generator)
    except sqlite3.IntegrityError:
        raise Refusal(400, f"Generator with name <{sent.name}> in Colony <{sent.colonyname}> already exists") from None
    return generator.to_json()


@handles(GetGenerator, "get generator", locate=_the_generator("get"))
def get_generator(call: Call[GetGenerator, GeneratorRecord]) -> str:
    size = queue_size(call.server.database, call.found.generatorid)
    return call.found.to_json(size, call.server.settings.generator_period)


@handles(ResolveGenerator, "resolve generator", locate=_named)
def resolve_generator(call: Call[ResolveGenerator, GeneratorRecord]) -> str:
    return call.found.to_json()


@handles(GetGenerators, "get generators", locate=by_colonyname)
def get_generators(call: Call[GetGenerators, None]) -> str:
    request, server = call.request, call.server
    if request.count < 0:
        raise Refusal(400, "count must not be negative")
    generators = generators_of(server.database, request.colonyname, request.count)
    return server.rows([generator.to_json() for generator in generators])


@handles(PackGenerator, "inc generator", mismatch_words="increment generator", locate=_the_generator("increment"))
def pack_generator(call: Call[PackGenerator, GeneratorRecord]) -> str:
    pack(call.server.database, call.found, call.request.arg, call.server.clock.now())
    return EMPTY_OBJECT


@handles(RemoveGenerator, "remove generator", locate=_the_generator("remove"))
def remove_generator(call: Call[RemoveGenerator, GeneratorRecord]) -> str:
    delete_generator(call.server.database, call.found.generatorid)
    return EMPTY_OBJECT
