"""Turns what came into the lines of a recording: each value is written once, and named by its place from then on.

Lines are JSON arrays whose first item says what they are: ``v`` a value, ``q`` a request, ``a`` an answer, ``e`` a
failure, ``h`` something heard, ``l`` a change of a link, ``n`` a note. Values and requests count from 0, each for
itself. A list of objects is written item by item, so that a list in which one row changed costs one row. Pure.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from colonies_tui.store.recording.entries import FORMAT, VERSION, Header, request_key
from colonies_tui.store.recording.removal import Removal


def dumped(value: Any) -> str:
    """Return JSON on one line."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


class RecordingWriter:
    """Collects lines; :meth:`take` hands them over."""

    def __init__(self, header: Header, removal: Removal) -> None:
        self._removal = removal
        self._values: dict[bytes, int] = {}
        self._requests: dict[str, int] = {}
        self._answers: dict[tuple[str, bytes], Any] = {}
        """Places of the values of whole payloads, by their hash as they came."""
        fields = removal.from_json(json.loads(json.dumps(asdict(header))))
        self._lines = [dumped({"format": FORMAT, "version": VERSION, **fields})]

    def take(self) -> bytes:
        """Return the lines since the last call."""
        lines, self._lines = self._lines, []
        text = self._removal.without_keys("".join(f"{line}\n" for line in lines))
        return text.encode("utf-8", "surrogatepass")

    def answer(self, at: int, asked: int, msgtype: str, payload: Mapping[str, Any], reply: bytes) -> None:
        """Write an answer: the reply's JSON as it came.

        Raises:
            ValueError: the reply is not JSON.
        """
        name = (msgtype, hashlib.sha256(reply).digest())
        values = self._answers.get(name)
        if values is None:
            values = self._answers[name] = self._placed(self._removal.from_json(json.loads(reply)))
        self._lines.append(dumped(["a", at, at - asked, self._request(msgtype, payload), values]))

    def failure(
        self, at: int, asked: int, msgtype: str, payload: Mapping[str, Any], kind: str, status: int, words: str
    ) -> None:
        """Write that a request was refused or not answered."""
        request = self._request(msgtype, payload)
        self._lines.append(dumped(["e", at, at - asked, request, kind, status, self._removal.from_text(words)]))

    def heard(self, at: int, msgtype: str, payload: Mapping[str, Any], content: Any, position: int) -> None:
        """Write what a subscription brought."""
        value = self._value(self._removal.from_json(content))
        self._lines.append(dumped(["h", at, self._request(msgtype, payload), value, position]))

    def link(self, at: int, msgtype: str, payload: Mapping[str, Any], words: str | None) -> None:
        """Write that a subscription came up, or was lost for what ``words`` say."""
        request = self._request(msgtype, payload)
        self._lines.append(dumped(["l", at, request, int(words is None), self._removal.from_text(words or "")]))

    def note(self, at: int, words: str) -> None:
        """Write a remark of the recorder."""
        self._lines.append(dumped(["n", at, words]))

    def _placed(self, reply: Any) -> Any:
        if isinstance(reply, list) and all(isinstance(item, dict) for item in reply):
            return [self._value(item) for item in reply]
        return self._value(reply)

    def _value(self, value: Any) -> int:
        text = dumped(value)
        name = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
        place = self._values.get(name)
        if place is None:
            place = self._values[name] = len(self._values)
            self._lines.append(f'["v",{text}]')
        return place

    def _request(self, msgtype: str, payload: Mapping[str, Any]) -> int:
        key = request_key(msgtype, payload)
        place = self._requests.get(key)
        if place is None:
            place = self._requests[key] = len(self._requests)
            named = {name: value for name, value in payload.items() if name != "msgtype"}
            self._lines.append(dumped(["q", msgtype, self._removal.from_json(named)]))
        return place
