"""A new key in a file of its own."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from colonies_tui.config.errors import ConfigError
from colonies_tui.config.key_file import create_key_file
from colonies_tui.config.key_source import read_key
from colonies_tui.config.private_file import read_private_file
from colonies_tui.protocol.crypto import PrivateKey


def test_it_is_read_back_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    key, path = PrivateKey.new(), tmp_path / "a" / "b" / "gpu-7.key"
    create_key_file(path, key)
    assert read_key(read_private_file(path).decode()).identity == key.identity
    assert [stat.S_IMODE(one.stat().st_mode) for one in (path, path.parent)] == [0o600, 0o700]


def test_what_is_there_stays(tmp_path: Path) -> None:
    path = tmp_path / "gpu-7.key"
    path.write_text("mine")
    with pytest.raises(ConfigError, match="exists already"):
        create_key_file(path, PrivateKey.new())
    with pytest.raises(ConfigError, match="cannot be written"):
        create_key_file(path / "below.key", PrivateKey.new())
    assert path.read_text() == "mine"
