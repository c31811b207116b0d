"""Keys from the desktop's key ring, through the real package with a ring of its own."""

from __future__ import annotations

from collections.abc import Iterator

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends.fail import Keyring as NoRing

from colonies_tui.config.key_source import KeyRingEntry, KeyUnavailable
from colonies_tui.protocol.crypto import PrivateKey


class Ring(KeyringBackend):
    """A key ring in memory."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # the package types only its public functions
        self.entries: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.entries[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.entries[service, username]


@pytest.fixture
def ring() -> Iterator[Ring]:
    before = keyring.get_keyring()
    made = Ring()
    keyring.set_keyring(made)
    yield made
    keyring.set_keyring(before)


def test_an_entry_is_fetched(ring: Ring) -> None:
    key = PrivateKey.new()
    ring.set_password("colonies", "lab", f"{key.reveal()}\n")
    source = KeyRingEntry("colonies", "lab")
    assert source.fetch({}).identity == key.identity
    assert source.words == "key ring colonies/lab"


def test_a_missing_entry_and_a_wrong_one_are_told_apart(ring: Ring) -> None:
    with pytest.raises(KeyUnavailable, match="there is no such entry"):
        KeyRingEntry("colonies", "lab").fetch({})
    ring.set_password("colonies", "lab", "hunter2")
    with pytest.raises(KeyUnavailable, match="64 hexadecimal") as caught:
        KeyRingEntry("colonies", "lab").fetch({})
    assert "hunter2" not in str(caught.value)


def test_a_machine_without_a_ring_says_so(ring: Ring) -> None:
    keyring.set_keyring(NoRing())  # type: ignore[no-untyped-call]  # as above
    with pytest.raises(KeyUnavailable, match="it cannot be asked"):
        KeyRingEntry("colonies", "lab").fetch({})
