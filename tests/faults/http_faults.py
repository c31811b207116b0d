"""What can happen to a request and to its answer; each is one way of spoiling an exchange at the proxy.

"Before" means that the server never saw the request, "after" that it carried it out.
"""

from __future__ import annotations

import base64
import json

from tests.faults.proxy import Exchange, Reply


async def delayed(exchange: Exchange) -> None:
    """The server is asked at once; the answer comes when it is calm again."""
    reply = await exchange.reply()
    await exchange.until_calm()
    await exchange.send(reply.wire)


async def stalled(exchange: Exchange) -> None:
    """Nothing is passed on; when it is calm again, the connection is broken off."""
    await exchange.until_calm()
    exchange.reset()


async def stalled_for_good(exchange: Exchange) -> None:
    """Nothing is passed on, and nothing is ever said, as behind a router that forgot the connection."""
    await exchange.until_calm()
    await exchange.proxy.is_over.wait()


async def stalled_in_the_body(exchange: Exchange) -> None:
    """Half of the answer comes, then nothing until it is calm again, then the end."""
    data = (await exchange.reply()).wire
    await exchange.send(data[: len(data) - 9])
    await exchange.until_calm()
    exchange.reset()


async def reset_before(exchange: Exchange) -> None:
    """The connection is reset instead of passing the request on."""
    exchange.reset()


async def reset_after(exchange: Exchange) -> None:
    """The server carries it out, and the connection is reset instead of an answer."""
    await exchange.reply()
    exchange.reset()


async def half_closed(exchange: Exchange) -> None:
    """The server carries it out; the connection is closed on one side only, without an answer."""
    await exchange.reply()
    exchange.writer.write_eof()


async def truncated(exchange: Exchange) -> None:
    """The answer ends before its promised length."""
    data = (await exchange.reply()).wire
    await exchange.send(data[: len(data) - 9])
    exchange.writer.write_eof()


async def cut_short(exchange: Exchange) -> None:
    """The answer ends in the middle of its JSON, and says that this is all."""
    body = (await exchange.reply()).body
    await exchange.send(Reply.of(body[: len(body) // 2]).wire)


async def doubled(exchange: Exchange) -> None:
    """The whole answer comes twice: once too often on a connection that is used on."""
    data = (await exchange.reply()).wire
    await exchange.send(data + data)


async def doubled_body(exchange: Exchange) -> None:
    """The body comes twice in one answer."""
    body = (await exchange.reply()).body
    await exchange.send(Reply.of(body + body).wire)


async def garbage(exchange: Exchange) -> None:
    """Bytes that are no HTTP."""
    await exchange.reply()
    await exchange.send(bytes(range(256)) * 4)


async def garbage_body(exchange: Exchange) -> None:
    """A body that is no JSON, not even text."""
    await exchange.reply()
    await exchange.send(Reply.of(bytes(range(256))).wire)


async def null_body(exchange: Exchange) -> None:
    """``null`` instead of an envelope."""
    await exchange.reply()
    await exchange.send(Reply.of(b"null").wire)


async def null_payload(exchange: Exchange) -> None:
    """An envelope of the right type that holds ``null``."""
    reply = json.loads((await exchange.reply()).body)
    payload = base64.b64encode(b"null").decode()
    await exchange.send(Reply.of(json.dumps({**reply, "payload": payload}).encode()).wire)


async def empty_body(exchange: Exchange) -> None:
    """An answer without a body."""
    await exchange.reply()
    await exchange.send(Reply.of(b"").wire)


async def failing(exchange: Exchange) -> None:
    """The server says 500, in no words of the protocol."""
    await exchange.send(Reply.of(b"<h1>Internal Server Error</h1>", 500, "Internal Server Error").wire)


async def failing_gateway(exchange: Exchange) -> None:
    """Something on the way says 502."""
    await exchange.send(Reply.of(b"<h1>Bad Gateway</h1>", 502, "Bad Gateway").wire)


async def failing_in_words(exchange: Exchange) -> None:
    """The server says 500 as the protocol says it."""
    words = base64.b64encode(json.dumps({"status": 500, "message": "database is gone"}).encode()).decode()
    body = json.dumps({"payloadtype": "error", "payload": words, "error": True}).encode()
    await exchange.send(Reply.of(body, 500, "Internal Server Error").wire)
