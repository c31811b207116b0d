"""Crons (§ Cron)."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any

from colonies_tui.localserver.crons import next_run
from colonies_tui.localserver.handlers.checks import check_workflow_text
from colonies_tui.localserver.jsontext import EMPTY_OBJECT, array
from colonies_tui.localserver.records.cron import CronRecord, cron_by_id, crons_of, insert_cron
from colonies_tui.localserver.refusal import Refusal
from colonies_tui.localserver.registry import Call, Located, by_colonyname, handles
from colonies_tui.localserver.server import LocalServer
from colonies_tui.protocol.crypto import random_id
from colonies_tui.protocol.messages.schedule import AddCron, GetCron, GetCrons, RemoveCron, RunCron
from colonies_tui.protocol.models.schedule import BY_EXPRESSION, Cron


def _colony_of_cron(server: LocalServer, request: AddCron) -> Located[None]:
    return Located(request.cron.colonyname, None)


def _the_cron(status: int, words: str) -> Callable[[LocalServer, Any], Located[CronRecord]]:
    """Locate by ``cronid``; an unknown one is refused before the role check."""

    def locate(server: LocalServer, request: Any) -> Located[CronRecord]:
        cron = cron_by_id(server.database, request.cronid)
        if cron is None:
            raise Refusal(status, words)
        return Located(cron.colonyname, cron)

    return locate


def _the_cron_to_run(server: LocalServer, request: RunCron) -> Located[CronRecord]:
    located = _the_cron(400, "cron not found")(server, request)
    if server.settings.real_quirks:
        # A real server starts the cron before it looks at who asks: the role check decides only the reply.
        with server.database.change():
            server.crons.run(located.found)
    return located


def _check_times(cron: Cron, now: int) -> None:
    if cron.interval == BY_EXPRESSION:
        try:
            next_run(cron.cronexpression, cron.interval, now)
        except ValueError as error:
            raise Refusal(400, str(error)) from None
        if cron.random:
            raise Refusal(400, "random needs an interval, not an expression")
    elif cron.interval < 1:
        raise Refusal(400, "Cron interval must be -1 (disabled) or larger than 0")


@handles(AddCron, "add cron", locate=_colony_of_cron, needs=("cron", "Failed to add cron, msg.Cron is nil"))
def add_cron(call: Call[AddCron, None]) -> str:
    server, sent = call.server, call.request.cron
    _check_times(sent, server.clock.now())
    check_workflow_text(server, sent.workflowspec, always_whole=False)
    cron = CronRecord(
        cronid=random_id(),
        colonyname=sent.colonyname,
        name=sent.name,
        initiatorid=call.caller.identity,
        initiatorname=call.caller.name,
        cronexpression=sent.cronexpression,
        interval=sent.interval,
        random=int(sent.random),
        nextrun=None,
        lastrun=None,
        workflowspec=sent.workflowspec,
        prevprocessgraphid="",
        waitforprevprocessgraph=int(sent.waitforprevprocessgraph),
    )
    try:
        insert_cron(server.database, cron)
    except sqlite3.IntegrityError:
        raise Refusal(400, f"Cron with name <{sent.name}> in Colony <{sent.colonyname}> already exists") from None
    return cron.to_json()


@handles(GetCron, "get cron", locate=_the_cron(500, "Failed to get cron, cron is nil"))
def get_cron(call: Call[GetCron, CronRecord]) -> str:
    return call.found.to_json(call.server.settings.cron_period)


@handles(GetCrons, "get crons", locate=by_colonyname)
def get_crons(call: Call[GetCrons, None]) -> str:
    request = call.request
    if request.count < 0:
        raise Refusal(400, "count must not be negative")
    crons = crons_of(call.server.database, request.colonyname, request.count)
    return array([cron.to_json() for cron in crons], null_when_empty=False)


@handles(RunCron, "run cron", locate=_the_cron_to_run)
def run_cron(call: Call[RunCron, CronRecord]) -> str:
    if not call.server.settings.real_quirks:
        call.server.crons.run(call.found)
    return call.found.to_json()


@handles(RemoveCron, "remove cron", locate=_the_cron(500, "Failed to remove cron, cron is nil"))
def remove_cron(call: Call[RemoveCron, CronRecord]) -> str:
    call.server.database.write("DELETE FROM crons WHERE cronid = ?", (call.found.cronid,))
    return EMPTY_OBJECT
