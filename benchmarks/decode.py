"""A list of a hundred processes from the bytes of the reply to the rows of a table."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable, Iterator

from pydantic import TypeAdapter

from benchmarks.population import records
from benchmarks.results import Result, compared
from benchmarks.scale import Scale
from colonies_tui.protocol.envelope import open_reply, read_reply
from colonies_tui.protocol.models.process import Process, ProcessRow
from colonies_tui.protocol.request import Rows

COUNT = 100


def results(scale: Scale) -> Iterator[Result]:
    """Measure."""
    payload = f"[{','.join(record.to_json(()) for record in records(COUNT, time.time_ns()))}]"
    envelope = {
        "payloadtype": "getprocessesmsg",
        "payload": base64.b64encode(payload.encode()).decode(),
        "error": False,
    }
    body = json.dumps(envelope).encode()
    rows, full = TypeAdapter(Rows[ProcessRow]), TypeAdapter(Rows[Process])

    def ours() -> None:
        read_reply(open_reply(body), rows)

    def floor() -> None:
        full.validate_python(json.loads(base64.b64decode(json.loads(body)["payload"])))

    def timed(act: Callable[[], None]) -> float:
        began = time.process_time()
        for _ in range(scale.decodes):
            act()
        return (time.process_time() - began) / scale.decodes * 1000

    yield compared(
        f"decode {COUNT} processes into rows",
        lambda: timed(ours),
        lambda: timed(floor),
        runs=scale.runs,
        unit="ms CPU",
        target=0.6,
        floor_is="json.loads and the full model",
    )
