"""Keys under a pass phrase: what opens them, what does not, and what nobody can read out of the file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from colonies_tui.config.encrypted_key import WrongPassphrase, decrypt_key, encrypt_key, identity_in
from colonies_tui.config.key_source import EncryptedKeyFile, KeyUnavailable
from colonies_tui.config.private_file import create_private_file
from colonies_tui.protocol.crypto import PrivateKey
from colonies_tui.protocol.errors import BadKey

CHEAP = 2
"""Rounds of scrypt that tests can wait for."""

WORDS = st.text(min_size=1).filter(lambda text: text.isprintable())


@settings(max_examples=40)
@given(WORDS)
def test_the_pass_phrase_opens_it(passphrase: str) -> None:
    key = PrivateKey.new()
    content = encrypt_key(key, passphrase, cost=CHEAP)
    assert decrypt_key(content, passphrase).reveal() == key.reveal()
    assert identity_in(content) == key.identity
    assert key.reveal().encode() not in content
    assert bytes.fromhex(key.reveal()) not in content


@settings(max_examples=40)
@given(WORDS, WORDS)
def test_another_pass_phrase_does_not(right: str, wrong: str) -> None:
    content = encrypt_key(PrivateKey.new(), right, cost=CHEAP)
    if right != wrong:
        with pytest.raises(WrongPassphrase):
            decrypt_key(content, wrong)


@settings(max_examples=60)
@given(st.data())
def test_a_changed_file_is_refused(data: st.DataObject) -> None:
    content = encrypt_key(PrivateKey.new(), "right", cost=CHEAP)
    at = data.draw(st.integers(0, len(content) - 2))
    byte = data.draw(st.integers(0, 255))
    changed = content[:at] + bytes([byte]) + content[at + 1 :]
    try:
        same = json.loads(changed) == json.loads(content)
    except ValueError:
        same = False
    if not same:
        with pytest.raises(BadKey):
            decrypt_key(changed, "right")


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"null", b"\xff", b'{"format": 1}', b"[" * 100_000])
def test_what_is_no_such_file_is_said(content: bytes) -> None:
    with pytest.raises(BadKey, match="it is not an encrypted key"):
        decrypt_key(content, "x")


@pytest.mark.parametrize("change", [{"cost": 1 << 40}, {"cost": 3}, {"cost": True}, {"block": 1 << 20}, {"nonce": ""}])
def test_a_file_cannot_ask_for_all_of_the_memory(change: dict[str, object]) -> None:
    header = json.loads(encrypt_key(PrivateKey.new(), "x", cost=CHEAP))
    with pytest.raises(BadKey):
        decrypt_key(json.dumps({**header, **change}).encode(), "x")


def test_an_empty_pass_phrase_is_none() -> None:
    with pytest.raises(ValueError, match="empty"):
        encrypt_key(PrivateKey.new(), "")


def test_the_pass_phrase_is_asked_for_again_and_not_for_ever(tmp_path: Path) -> None:
    key = PrivateKey.new()
    path = tmp_path / "lab.key"
    create_private_file(path, encrypt_key(key, "right", cost=CHEAP))
    asked: list[str] = []

    def answers(*words: str) -> EncryptedKeyFile:
        left = list(words)

        def ask(question: str) -> str:
            asked.append(question)
            return left.pop(0)

        return EncryptedKeyFile(path, ask)

    assert answers("wrong", "right").fetch({}).identity == key.identity
    assert key.identity[:8] in asked[0]
    assert asked[1] == "that does not open it; again: "
    with pytest.raises(KeyUnavailable, match="no pass phrase that opens it") as caught:
        answers("a", "b", "c", "right").fetch({})
    assert "right" not in str(caught.value)


def test_without_a_terminal_it_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "lab.key"
    create_private_file(path, encrypt_key(PrivateKey.new(), "right", cost=CHEAP))
    monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)
    with pytest.raises(KeyUnavailable, match="there is none"):
        EncryptedKeyFile(path).fetch({})
