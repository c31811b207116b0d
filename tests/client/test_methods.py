"""One typed method per message, signed by the key of the message's role."""

from __future__ import annotations

import re
from collections.abc import Coroutine
from typing import Any, assert_type

import pytest

from colonies_tui.client.client import ColoniesClient
from colonies_tui.client.exchange import Exchange, Outcome
from colonies_tui.client.messages_as_methods import MessagesAsMethods
from colonies_tui.protocol.crypto import PrivateKey, recover_identity
from colonies_tui.protocol.errors import KeyMissing, NotAllowed, NotDecodable, UnsafeRequest
from colonies_tui.protocol.keyring import Keyring
from colonies_tui.protocol.messages.every import MESSAGES
from colonies_tui.protocol.messages.process import GetProcess, GetProcesses, GetProcessHistory
from colonies_tui.protocol.messages.subscription import SubscribeProcess
from colonies_tui.protocol.models.colony import Colony, PauseStatus, ServerInfo
from colonies_tui.protocol.models.process import Process, ProcessRow
from colonies_tui.protocol.request import Empty
from colonies_tui.protocol.states import ProcessState
from tests.client.methods import message_of
from tests.client.servers import HttpServer, envelope, http, http_server, payload_of, refusal

MEMBER, COLONY, SERVER = PrivateKey.new(), PrivateKey.new(), PrivateKey.new()
KEYS = Keyring(member=MEMBER, colony=COLONY, server=SERVER)

OVER_HTTP = {kind.__name__: kind for kind in MESSAGES.values() if not kind.over_websocket}
METHODS = {
    name: value for name, value in vars(MessagesAsMethods).items() if callable(value) and not name.startswith("_")
}


def echo(request: dict[str, Any]) -> bytes:
    """Answer each message with something that its reply type reads."""
    msgtype = request["payloadtype"]
    payload: dict[str, Any] | None = (
        None if msgtype in ("getcoloniesmsg", "getprocessesmsg", "getprocesshistmsg") else {}
    )
    return http(envelope(payload, MESSAGES[msgtype].reply_msgtype))


def test_every_message_over_http_has_a_method_named_after_it() -> None:
    assert len(OVER_HTTP) > 40
    kinds = {name: message_of(method) for name, method in METHODS.items()}
    assert {kind.__name__: kind for kind in kinds.values()} == OVER_HTTP
    for name, kind in kinds.items():
        assert name == re.sub(r"(?<!^)(?=[A-Z])", "_", kind.__name__).lower()


async def test_methods_know_their_parameters_and_results() -> None:
    async with http_server(echo) as server, ColoniesClient(server.address, KEYS) as client:
        assert_type(client.get_process(processid="x"), Coroutine[Any, Any, Process]).close()
        assert_type(await client.get_process(processid="x"), Process)
        assert_type(await client.get_colonies(), tuple[Colony, ...])
        assert_type(await client.get_server_info(), ServerInfo)
        assert_type(await client.get_pause_status(colonyname="dev"), PauseStatus)
        assert_type(await client.cancel_process(processid="x"), Empty)
        assert_type(
            await client.get_processes(colonyname="dev", count=1, state=ProcessState.WAITING), tuple[Process, ...]
        )
        assert [request["payloadtype"] for request in server.requests] == [
            "getprocessmsg",
            "getcoloniesmsg",
            "getserverinfomsg",
            "getpausestatusmsg",
            "cancelprocessmsg",
            "getprocessesmsg",
        ]


def signer(server: HttpServer) -> str | None:
    request = server.requests[-1]
    return recover_identity(request["payload"], request["signature"]) if request["signature"] else None


async def test_each_message_is_signed_by_the_key_of_its_role() -> None:
    async with http_server(echo) as server, ColoniesClient(server.address, KEYS) as client:
        await client.get_process(processid="x")
        assert signer(server) == MEMBER.identity
        await client.pause_assignments(colonyname="dev")
        assert signer(server) == COLONY.identity
        await client.get_colonies()
        assert signer(server) == SERVER.identity
        await client.get_server_info()
        assert signer(server) is None
        await client.send(GetProcess(processid="x"), key=COLONY)
        assert signer(server) == COLONY.identity


async def test_what_is_sent_is_the_message() -> None:
    async with http_server(echo) as server, ColoniesClient(server.address, KEYS) as client:
        await client.get_process(processid="å\x1b")
        assert payload_of(server.requests[0]) == {"msgtype": "getprocessmsg", "processid": "å\x1b"}


async def test_without_the_key_nothing_is_sent() -> None:
    async with http_server(echo) as server, ColoniesClient(server.address, Keyring(member=MEMBER)) as client:
        exchanges: list[Exchange] = []
        client.on_exchange = exchanges.append
        with pytest.raises(KeyMissing, match="colony owner"):
            await client.approve_executor(colonyname="dev", executorname="e")
        with pytest.raises(UnsafeRequest, match="at most 100"):
            await client.get_processes(colonyname="dev", count=101, state=ProcessState.WAITING)
        with pytest.raises(ValueError, match="use subscribe"):
            await client.send(SubscribeProcess(processid="x", state=ProcessState.WAITING, timeout=1))
        assert (server.connections, exchanges) == (0, [])


async def test_lists_are_read_straight_into_rows() -> None:
    processes = [{"processid": "x", "state": 3, "spec": {"funcname": "echo"}, "errors": ["bad"]}]

    def answer(request: dict[str, Any]) -> bytes:
        return http(envelope(processes, request["payloadtype"]))

    async with http_server(answer) as server, ColoniesClient(server.address, KEYS) as client:
        row = ProcessRow(processid="x", state=ProcessState.FAILED, funcname="echo", error="bad")
        assert await client.process_rows(GetProcesses(colonyname="dev", count=1, state=ProcessState.FAILED)) == (row,)
        history = GetProcessHistory(colonyname="dev", seconds=5, state=ProcessState.FAILED)
        assert await client.process_rows(history) == (row,)


async def test_refused_rows_are_an_error_and_not_an_empty_list() -> None:
    async with http_server(lambda _: http(b"")) as server, ColoniesClient(server.address, KEYS) as client:
        with pytest.raises(NotAllowed):
            await client.process_rows(GetProcessHistory(colonyname="dev", seconds=5, state=ProcessState.FAILED))


async def test_exchanges_are_told_with_sizes_and_outcomes() -> None:
    answers = iter([http(envelope({}, "getprocessmsg")), http(refusal(403, "no"), 403), http(b"nonsense")])
    async with http_server(lambda _: next(answers)) as server, ColoniesClient(server.address, KEYS) as client:
        exchanges: list[Exchange] = []
        client.on_exchange = exchanges.append
        await client.get_process(processid="x")
        for kind in (NotAllowed, NotDecodable):
            with pytest.raises(kind):
                await client.get_process(processid="x")
        assert [exchange.outcome for exchange in exchanges] == [
            Outcome.ANSWERED,
            Outcome.REFUSED,
            Outcome.NOT_DECODABLE,
        ]
        assert {exchange.msgtype for exchange in exchanges} == {"getprocessmsg"}
        assert exchanges[0].received_bytes == len(envelope({}, "getprocessmsg"))
        assert exchanges[2].received_bytes == len(b"nonsense")
        assert all(exchange.sent_bytes > 200 and exchange.seconds > 0 for exchange in exchanges)
        assert MEMBER.reveal() not in repr(exchanges)


async def test_connections_are_kept_between_requests() -> None:
    async with http_server(echo) as server, ColoniesClient(server.address, KEYS) as client:
        for _ in range(3):
            await client.get_process(processid="x")
        assert (len(server.requests), server.connections) == (3, 1)


async def test_a_client_does_not_show_its_keys_and_opens_nothing_by_itself() -> None:
    async with http_server(echo) as server:
        client = ColoniesClient(server.address, KEYS)
        assert MEMBER.reveal() not in repr(client)
        assert str(server.address) in repr(client)
        await client.aclose()
        await client.aclose()
        assert server.connections == 0
