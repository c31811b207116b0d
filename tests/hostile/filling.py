"""Makes the reply to any message, by the types of its model: every text in it is hostile and bears its field's mark."""

from __future__ import annotations

import base64
import enum
import json
from datetime import UTC, datetime
from typing import Any, get_args, get_origin

from colonies_tui.protocol.crypto import sha3
from colonies_tui.protocol.messages.process import GetProcesses
from colonies_tui.protocol.messages.workflow import GetProcessGraphs
from colonies_tui.protocol.model import Model
from colonies_tui.protocol.models.colony import Colony, Statistics
from colonies_tui.protocol.models.process import Process
from colonies_tui.protocol.models.workflow import ProcessGraph, WorkflowSpec
from colonies_tui.protocol.request import Empty, Request
from colonies_tui.protocol.states import ProcessState
from colonies_tui.protocol.times import format_time
from colonies_tui.store.graphs import STATE_OF_COLOUR
from tests.hostile.contents import CONTENTS, KINDS
from tests.hostile.fields import COLONY_NAMES, MARKS, bare, field_key, wire_name

ROWS = len(KINDS)
"""Objects of a kind; in them each field has each content once."""

STATES = len(ProcessState)
PROCESSES = ROWS * STATES
GRAPHS = ROWS
MEMBERS = STATES

_COLOURS = {state: colour for colour, state in STATE_OF_COLOUR.items()}
_ODD_TIMES = ("9999-12-31T23:59:59Z", "0002-01-01T00:00:00+14:00", "1969-12-31T23:59:59Z", "2999-01-01T00:00:00Z")
_NUMBERS = (0, 1, -1, 7, 2**31, 2**53 + 1, 2**63 - 1, -(2**63))


class HostileColony:
    """What a server holds in which everybody writes what is worst."""

    def __init__(self, now: float, *, name: str = "", plain_kinds: bool = False) -> None:
        """
        Args:
            now: seconds since 1970; the times of all objects are shortly before.
            name: of the colony that a console is opened on; hostile if not given.
            plain_kinds: texts are only their marks, to see what is shown without anything in the way.
        """
        self.now = now
        self.plain_kinds = plain_kinds
        self.name = name or self.text("Colony.name", 0)

    # Texts ----------------------------------------------------------------------------------------------------------

    def text(self, key: str, row: int) -> str:
        """Return the text of a field in an object."""
        content = "" if self.plain_kinds else CONTENTS[KINDS[self.kind_at(key, row)]]
        return f"{MARKS[key]}{row}{content}"

    def kind_at(self, key: str, row: int) -> int:
        """Return which content a field has in an object: over :data:`ROWS` objects, and over the states, each once."""
        return (row // STATES + row % STATES + row + list(MARKS).index(key)) % ROWS

    def identity(self, key: str, row: int) -> str:
        """Return an id: one that is well made in two of three objects."""
        return self.text(key, row) if row % 3 == 2 else sha3(f"{key} {row}").hex()

    def _value_of_text(self, kind: type[Model], name: str, row: int) -> str:
        if name in COLONY_NAMES:
            return self.name
        key = field_key(kind, name)
        own = f"{kind.__name__}.{name}"
        if key in ("executorname", "executortype", "executorid", "locationname", "Blueprint.kind", "fileid"):
            row %= ROWS
        if key.endswith(("id", "Id")) or key == "processid":
            return self.identity(key, row)
        if own in ("Cron.workflowspec", "Generator.workflowspec") and row % 4 != 3:
            spec = self.value(WorkflowSpec, row)
            for place, node in enumerate(spec["functionspecs"]):
                node["conditions"]["dependencies"] = [spec["functionspecs"][place - 1]["nodename"]] if place else []
            return json.dumps(spec)
        if own == "Cron.cronexpression" and row % 2:
            return "0 0 3 * * *"
        if own == "ChannelEntry.payload":
            return base64.b64encode(self.text(key, row).encode()).decode()
        if own == "ChannelEntry.type":
            return ("data", "end", "error")[row % 3] if row % 4 else self.text(key, row)
        if own == "NodeStyle.background":
            return _COLOURS[ProcessState(row % STATES)] if row % 6 else self.text(key, row)
        return self.text(key, row)

    # Values ---------------------------------------------------------------------------------------------------------

    def value(self, kind: type[Model], row: int) -> dict[str, Any]:
        """Return the JSON of an object."""
        made = {
            wire_name(kind, name): self._of(field.annotation, kind, wire_name(kind, name), row)
            for name, field in kind.model_fields.items()
        }
        return self._fitted(kind, made, row)

    def _of(self, annotation: Any, kind: type[Model], name: str, row: int, depth: int = 0) -> Any:
        annotation = bare(annotation)
        origin, inner = get_origin(annotation), get_args(annotation)
        if annotation is str:
            return self._value_of_text(kind, name, row)
        if annotation is Any:
            key = field_key(kind, name)
            return [self.text(key, row), {self.text(key, row + 1): [None, True, 2**70, -1e300, {"": ""}]}]
        if origin is tuple:
            return [self._of(inner[0], kind, name, (row + place) % PROCESSES) for place in range(2)]
        if origin is dict:
            if kind.__name__ == "Property":  # holds itself
                return {}
            key = field_key(kind, name)
            return {self.text(key if key in MARKS else "Software.name", row): self._of(inner[1], kind, name, row)}
        if isinstance(annotation, type) and issubclass(annotation, Model):
            return None if kind is annotation else self.value(annotation, row)
        if isinstance(annotation, type) and issubclass(annotation, enum.IntEnum):
            return list(annotation)[row % len(annotation)]
        if annotation is bool:
            return row % 2 == 0
        if annotation is int:
            return _NUMBERS[row % len(_NUMBERS)]
        if annotation is float:
            return (0.0, 1.5, 1e300, -1e-300)[row % 4]
        assert annotation is datetime, annotation
        return self._time(row, name)

    def _time(self, row: int, name: str) -> str:
        if row % 7 == 6:
            return _ODD_TIMES[row // 7 % len(_ODD_TIMES)]
        ago = {"submissiontime": 3000, "starttime": 2000, "endtime": 1000}.get(name, 500)
        return format_time(datetime.fromtimestamp(self.now - ago - row, UTC))

    def _fitted(self, kind: type[Model], made: dict[str, Any], row: int) -> dict[str, Any]:
        """Make an object agree with the others, as far as it must to be shown at all."""
        if kind is Colony and row == 0:
            made["name"] = self.name
        if kind is Process:
            graph, place = divmod(row, MEMBERS)
            made["state"] = row % STATES
            made["processgraphid"] = self.identity("processgraphid", graph) if row % 2 else ""
            made["parents"] = [self.identity("processid", row - 1)] if place and row % 2 else []
            made["children"] = []
        if kind is ProcessGraph:
            ids = [self.identity("processid", row * MEMBERS + place) for place in range(MEMBERS)]
            made |= {"processids": ids, "rootprocessids": ids[:1], "state": row % STATES}
            for place, node in enumerate(made["nodes"]):
                node["id"] = ids[place]
            made["edges"][0] |= {"source": ids[0], "target": ids[1]}
        if kind is Statistics:
            return {name: row * 1000 + place for place, name in enumerate(made)}
        if kind.__name__ == "Log":
            made["timestamp"] = int((self.now - 100 + row) * 1e9)
        if kind.__name__ == "ChannelEntry":
            made["error"] = self.text("ChannelEntry.error", row) if row % 3 == 2 else None
        return made

    # Replies --------------------------------------------------------------------------------------------------------

    def reply(self, kind: type[Request[Any]], asked: dict[str, Any]) -> Any:
        """Return the JSON that answers a message."""
        wanted = bare(kind.reply_type)
        if get_origin(wanted) is tuple:
            return self._list(kind, get_args(wanted)[0], asked)
        if wanted is Any or wanted is Empty:
            return {}
        return self._one(wanted, asked, 0)

    def _list(self, kind: type[Request[Any]], model: type[Model], asked: dict[str, Any]) -> list[Any]:
        if asked.get("since", 0) > 0:  # a log that goes on
            return []
        rows = range(ROWS)
        if kind in (GetProcesses, GetProcessGraphs):
            count = PROCESSES if kind is GetProcesses else GRAPHS
            rows = range(asked["state"], count, STATES)
        return [self._one(model, asked, row) for row in rows]

    def _one(self, model: type[Model], asked: dict[str, Any], row: int) -> dict[str, Any]:
        """Return an object that is the one asked for: what request and reply both name is equal."""
        common = {name: asked[name] for name in asked if name in model.model_fields and isinstance(asked[name], str)}
        common = {name: value for name, value in common.items() if value}
        for name, value in common.items():
            if name.endswith("id"):
                key = field_key(model, name)
                row = (
                    next((n for n in range(PROCESSES) if self.identity(key, n) == value), row) if key in MARKS else row
                )
        return self.value(model, row) | common
