"""A private key shows itself nowhere but where it is asked to."""

from __future__ import annotations

import copy
import dataclasses
import json
import logging
import pickle
import traceback
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from colonies_tui.protocol.address import ServerAddress
from colonies_tui.protocol.crypto import PrivateKey
from colonies_tui.protocol.envelope import encode_request
from colonies_tui.protocol.errors import BadKey, UnsafeRequest
from colonies_tui.protocol.keyring import Keyring
from colonies_tui.protocol.messages.process import AssignProcess

SECRET = "ddf7f7791208083b6a9ed975a72684f6406a269cfa36f1b1c32045c0a71fff05"


def hides(text: str) -> bool:
    """Tell whether neither the secret nor any recognisable part of it, in hex or as a number, is in a text."""
    pieces = [SECRET[start : start + 12] for start in range(0, 64, 12)]
    return not any(piece in text.lower() for piece in [*pieces, str(int(SECRET, 16))])


@pytest.fixture
def key() -> PrivateKey:
    return PrivateKey(SECRET)


def test_every_text_form_is_redacted(key: PrivateKey) -> None:
    keyring = Keyring(member=key, colony=key, server=key)
    forms = [
        repr(key),
        str(key),
        f"{key}",
        f"{key!r}",
        f"{key!s:>80}",
        "%s %r" % (key, key),  # noqa: UP031 - old formatting is one of the ways out
        format(key),
        ascii(key),
        repr([key]),
        repr({"key": key}),
        repr(keyring),
        str(dataclasses.fields(keyring)),
        repr(vars(type(key))),
    ]
    assert all(map(hides, forms))
    assert "redacted" in repr(key)


def test_it_has_no_dictionary_to_print(key: PrivateKey) -> None:
    assert not hasattr(key, "__dict__")
    assert hides(repr([getattr(key, name) for name in dir(key) if not name.startswith("__")]))


def test_it_is_neither_pickled_nor_copied_into_something_that_is(key: PrivateKey) -> None:
    for attempt in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match="not pickled"):
            attempt(key)
    with pytest.raises(TypeError, match="not pickled"):
        dataclasses.asdict(Keyring(member=key))


def test_json_does_not_take_it(key: PrivateKey) -> None:
    with pytest.raises(TypeError) as caught:
        json.dumps({"key": key})
    assert hides(str(caught.value))
    assert hides(json.dumps({"key": key}, default=str))


def test_errors_of_pydantic_do_not_show_it(key: PrivateKey) -> None:
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(int).validate_python({"key": key})
    assert hides(str(caught.value))
    assert hides(repr(caught.value.errors()))


def test_a_log_record_does_not_show_it(key: PrivateKey, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("colonies_tui").error("with %s and %r", key, Keyring(member=key))
    assert caplog.records
    assert hides(caplog.text)


TESTS = str(Path(__file__).parents[1])


def with_locals(error: BaseException) -> str:
    """Return a traceback with the local variables of its frames, but for those of the tests themselves."""
    report: Any = traceback.TracebackException.from_exception(error, capture_locals=True)
    report.stack = traceback.StackSummary.from_list(
        [frame for frame in report.stack if not frame.filename.startswith(TESTS)]
    )
    assert report.stack
    return "".join(report.format())


@pytest.mark.parametrize("text", [SECRET + "0", SECRET[:-1], SECRET[:-1] + "g", f"{SECRET}\n{SECRET}"])
def test_a_text_that_is_nearly_a_key_is_not_shown_by_its_error(text: str) -> None:
    with pytest.raises(BadKey) as caught:
        PrivateKey(text)
    assert hides(str(caught.value))
    assert hides(with_locals(caught.value))


def test_tracebacks_with_local_variables_do_not_show_it(key: PrivateKey) -> None:
    with pytest.raises(UnsafeRequest) as caught:
        encode_request(AssignProcess(colonyname="dev", timeout=0), key)
    assert hides(with_locals(caught.value))


def test_a_body_does_not_hold_it(key: PrivateKey) -> None:
    assert hides(encode_request(AssignProcess(colonyname="dev", timeout=1), key).decode())


def test_an_address_with_a_key_in_it_is_refused_without_repeating_it() -> None:
    with pytest.raises(ValueError, match="not a server address") as caught:
        ServerAddress.parse(f"http://user:{SECRET}@host:50080")
    assert hides(str(caught.value))
