"""Keys of a profile are fetched once, and again only when the file says something else."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from colonies_tui.config.errors import ConfigError
from colonies_tui.config.keys_file import load_profiles
from colonies_tui.protocol.crypto import PrivateKey
from colonies_tui.ui.known_profiles import KnownProfiles


class Vault:
    """A password manager that counts how often it was asked."""

    def __init__(self, directory: Path) -> None:
        self.keys_file = directory / "keys.toml"
        self._asked = directory / "asked"
        self._script = directory / "vault.py"
        key = PrivateKey.new().reveal()
        self._script.write_text(f"open({str(self._asked)!r}, 'a').write('x'); print('{key}')")
        self.suspended = 0
        self.write("dev")

    def write(self, colony: str) -> None:
        """Write the keys file."""
        command = f"[{sys.executable!r}, {str(self._script)!r}]"
        self.keys_file.write_text(
            f'[profiles.lab]\nurl = "http://lab.example"\ncolony = "{colony}"\nmember_key_command = {command}\n'
        )
        self.keys_file.chmod(0o600)

    @property
    def asked(self) -> int:
        return len(self._asked.read_text()) if self._asked.exists() else 0

    @contextlib.contextmanager
    def suspend(self) -> Iterator[None]:
        self.suspended += 1
        yield


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault(tmp_path)


def test_a_password_manager_is_asked_once(vault: Vault) -> None:
    known = KnownProfiles(vault.keys_file, vault.suspend)
    first, second = known.fetch("lab"), known.fetch("lab")
    assert first == second
    assert (vault.asked, vault.suspended) == (1, 1), "with the terminal to itself"
    vault.write("tiger")
    assert known.fetch("lab").colony == "tiger"
    assert vault.asked == 2, "the file says something else now"
    with pytest.raises(ConfigError, match="no profile"):
        known.fetch("prod")


def test_what_was_fetched_at_start_is_not_fetched_again(vault: Vault) -> None:
    known = KnownProfiles(vault.keys_file, vault.suspend)
    profile = load_profiles(vault.keys_file).entry("lab").resolve({})
    known.add(profile)
    assert known.fetch("lab") is not None
    assert vault.asked == 1


def test_a_file_that_is_wrong_lists_nothing(vault: Vault) -> None:
    known = KnownProfiles(vault.keys_file, vault.suspend)
    assert [entry.name for entry in known.of_file()] == ["lab"]
    vault.keys_file.write_text("not toml")
    assert known.of_file() == []
    vault.keys_file.unlink()
    assert known.of_file() == []
