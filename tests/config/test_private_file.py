"""Which files are trusted with keys."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from colonies_tui.config.errors import ConfigError
from colonies_tui.config.private_file import create_private_file, read_private_file, write_private_file


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    directory = tmp_path / "config"
    directory.mkdir(mode=0o700)
    path = directory / "keys.toml"
    create_private_file(path, b"secret")
    return path


def test_a_file_of_its_owner_is_read(kept: Path) -> None:
    assert read_private_file(kept) == b"secret"


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o777])
def test_a_file_that_others_can_use_is_refused(kept: Path, mode: int) -> None:
    kept.chmod(mode)
    with pytest.raises(ConfigError, match="chmod 600"):
        read_private_file(kept)


@pytest.mark.parametrize("mode", [0o770, 0o707, 0o777])
def test_a_directory_that_others_can_write_is_refused(kept: Path, mode: int) -> None:
    kept.parent.chmod(mode)
    with pytest.raises(ConfigError, match="chmod go-w"):
        read_private_file(kept)


def test_a_directory_where_only_owners_can_remove_their_files_is_trusted(kept: Path) -> None:
    kept.parent.chmod(0o1777)
    assert read_private_file(kept) == b"secret"


def test_links_are_refused(kept: Path, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(kept)
    with pytest.raises(ConfigError, match="is a symbolic link"):
        read_private_file(link)
    with pytest.raises(ConfigError, match="is a symbolic link"):
        write_private_file(link, b"other")
    assert kept.read_bytes() == b"secret"


def _of_a_stranger(found: os.stat_result) -> os.stat_result:
    fields = list(found)
    fields[4] += 1
    return os.stat_result(fields)


@pytest.mark.parametrize("whose", ["file", "directory"])
def test_what_belongs_to_somebody_else_is_refused(kept: Path, monkeypatch: pytest.MonkeyPatch, whose: str) -> None:
    """Tests may run as any user, so the user is what is changed."""
    file, directory = _of_a_stranger(kept.stat()), _of_a_stranger(kept.parent.stat())
    if whose == "file":
        monkeypatch.setattr("os.fstat", lambda descriptor: file)
    else:
        monkeypatch.setattr(Path, "stat", lambda self: directory)
    with pytest.raises(ConfigError, match="belongs to somebody else"):
        read_private_file(kept)


def test_what_is_no_plain_file_is_refused_and_does_not_block(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe, 0o600)
    with pytest.raises(ConfigError, match="is not a plain file"):
        read_private_file(pipe)


def test_it_is_written_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "new" / "keys.toml"
    write_private_file(path, b"secret")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
