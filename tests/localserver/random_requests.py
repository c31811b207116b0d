"""Requests as somebody careless, broken or hostile would send them: every message, every field, names that exist."""

from __future__ import annotations

import datetime
import json
import re
import types
from enum import Enum
from random import Random
from typing import Annotated, Any, Union, get_args, get_origin

from colonies_tui.protocol.messages.every import MESSAGES
from colonies_tui.protocol.model import Model
from colonies_tui.protocol.request import Request

HOSTILE_TEXTS = (
    "",
    " ",
    "\x00",
    "\x1b]0;x\x07",
    "'; DROP TABLE processes; --",
    "%",
    "_%_",
    "\ud800",
    "\u202e",
    "[bold]",
    "a" * 5_000,
    "\N{WAVING HAND SIGN}" * 50,
    "..",
    "/",
    "null",
    "-1",
    "NaN",
    "e\u0301",
    ":",
)
"""Texts that were trouble somewhere."""

NUMBERS = (-(2**63), -(2**31), -2, -1, 0, 1, 2, 5, 100, 2**31, 2**53, 2**63 - 1, 2**63, 10**30)
SMALL = (-1, 0, 1, 2, 3, 5)
AMOUNTS = ("0m", "100m", "1000m", "1Gi", "512Mi", "x", "-1Gi", "")
EXPRESSIONS = (
    "* * * * * *",
    "0 0 3 * * *",
    "@every 5s",
    "@daily",
    "0 0 3 * *",
    "99 * * * * *",
    "TZ=Nowhere * * * * * *",
)
WRONG: tuple[Any, ...] = (None, True, "text", 3, 2.5, [], {}, [None], {"": {}}, [[[[]]]], "3", 1e400)
"""Values of types that may not be the wanted one."""

ENDINGS = (
    "changecolonyidmsg",
    "changeexecutoridmsg",
    "changeserveridmsg",
    "changeuseridmsg",
    "rejectexecutormsg",
    "removecolonymsg",
    "removeexecutormsg",
    "removeusermsg",
)
"""After one of these most of what follows is refused, so they are rare."""

_ID = re.compile(r"[0-9a-f]{64}\Z")


class RandomRequests:
    """Makes payloads from the declarations of the messages, and learns names and ids from what is answered."""

    def __init__(self, random: Random, colony: str, known: dict[str, list[str]]) -> None:
        """
        Args:
            random: decides everything.
            colony: name of a colony that exists.
            known: texts that mean something, by the name of their field.
        """
        self._random = random
        self._colony = colony
        self._known = {name: list(texts) for name, texts in known.items()}
        self._messages = sorted(MESSAGES.keys() - set(ENDINGS))
        self._wildness = 0.0
        """Share of values that are not what the field wants."""

    def next(self) -> tuple[type[Request[Any]], Any]:
        """Return a message type and a payload for it, which may be anything at all."""
        ends = self._random.random() < 0.002
        kind = MESSAGES[self._random.choice(ENDINGS if ends else self._messages)]
        self._wildness = self._random.choice((0.0, 0.0, 0.0, 0.05, 0.3))
        payload: Any = {**self._model(kind), "msgtype": kind.msgtype}
        roll = self._random.random()
        if roll < 0.02:
            payload = self._random.choice(WRONG)
        elif roll < 0.10:
            self._spoil(payload)
        return kind, payload

    def learn(self, value: Any) -> None:
        """Remember the names and ids in a reply."""
        if isinstance(value, dict):
            for name, inner in value.items():
                if isinstance(inner, str) and 0 < len(inner) <= 64:
                    texts = self._known.setdefault(name, [])
                    texts.append(inner)
                    del texts[:-30]
                else:
                    self.learn(inner)
        elif isinstance(value, list):
            for inner in value[:20]:
                self.learn(inner)

    def _model(self, kind: type[Model]) -> dict[str, Any]:
        values = {}
        for name, field in kind.model_fields.items():
            key = field.alias or name
            if field.is_required() or self._random.random() < 0.8:
                values[key] = self._value(key.lower(), field.annotation, 0)
        return values

    def _value(self, name: str, wanted: Any, depth: int) -> Any:
        random = self._random
        is_wild = random.random() < self._wildness
        if is_wild and random.random() < 0.2:
            return random.choice(WRONG)
        origin, arguments = get_origin(wanted), get_args(wanted)
        if origin is Annotated:
            return self._value(name, arguments[0], depth)
        if origin in (Union, types.UnionType):
            return self._value(name, random.choice(arguments), depth)
        if origin is tuple:
            return [self._value(name, arguments[0], depth + 1) for _ in range(random.choice((0, 1, 1, 2, 3)))]
        if origin is dict:
            return {random.choice(("a", "b", *HOSTILE_TEXTS[:6])): self._value(name, arguments[1], depth + 1)}
        if wanted is type(None):
            return None
        if isinstance(wanted, type) and issubclass(wanted, Model):
            return self._model(wanted) if depth < 4 else {}
        if isinstance(wanted, type) and issubclass(wanted, Enum):
            return random.choice([member.value for member in wanted] if not is_wild else [-1, 7])
        if wanted is datetime.datetime:
            return random.choice(("tomorrow", "") if is_wild else ("0001-01-01T00:00:00Z", "2026-01-01T00:00:00Z"))
        if wanted is bool:
            return random.random() < 0.5
        if wanted is int:
            return random.choice((-1, 0)) if name == "timeout" else random.choice(NUMBERS if is_wild else SMALL)
        if wanted is float:
            return random.choice((-1.5, 1e308) if is_wild else (0.0, 52.4))
        return self._text(name, is_wild) if wanted is str else random.choice((*WRONG, {"k": "v"}))

    def _text(self, name: str, is_wild: bool) -> str:
        random = self._random
        if is_wild:
            return random.choice(HOSTILE_TEXTS)
        if "colonyname" in name:
            return self._colony
        if name in ("cpu", "mem", "gpumem", "storage", "memory"):
            return random.choice(AMOUNTS)
        if "expression" in name:
            return random.choice(EXPRESSIONS)
        if name == "workflowspec":
            return self._workflow()
        alike = self._known.get(name) or (self._ids() if name.endswith("id") else self._names())
        if alike and random.random() < 0.9:
            return random.choice(alike[-3:] if random.random() < 0.6 else alike)
        return f"n{random.randrange(8)}"

    def _workflow(self) -> str:
        conditions = {"colonyname": self._colony, "executortype": "cli"}
        nodes = [
            {
                "nodename": f"n{number}",
                "funcname": "f",
                "maxexectime": 5,
                "conditions": {**conditions, "dependencies": [f"n{self._random.randrange(-1, 3)}"] * (number > 0)},
            }
            for number in range(self._random.randrange(4))
        ]
        whole = {"colonyname": self._colony, "functionspecs": nodes}
        return self._random.choice((json.dumps(whole), json.dumps(nodes), "{", ""))

    def _ids(self) -> list[str]:
        return [text for texts in self._known.values() for text in texts[-3:] if _ID.match(text)]

    def _names(self) -> list[str]:
        return [text for name, texts in self._known.items() if name.endswith("name") for text in texts[-3:]]

    def _spoil(self, payload: dict[str, Any]) -> None:
        """Replace one value somewhere inside."""
        place: Any = payload
        while True:
            keys = list(place) if isinstance(place, dict) else list(range(len(place)))
            if not keys:
                return
            key = self._random.choice(keys)
            if isinstance(place[key], dict | list) and self._random.random() < 0.7:
                place = place[key]
                continue
            place[key] = self._random.choice((*WRONG, *HOSTILE_TEXTS))
            return
