"""Files of one new key: a comment with its identity, then the key, as ``colonies-tui keys new`` writes them."""

from __future__ import annotations

from pathlib import Path

from colonies_tui.config.errors import ConfigError
from colonies_tui.config.private_file import create_private_file, reason_of
from colonies_tui.protocol.crypto import PrivateKey


def key_file_text(key: PrivateKey) -> str:
    """Return what a file of one key holds."""
    return f"# identity {key.identity}\n{key.reveal()}\n"


def create_key_file(path: Path, key: PrivateKey) -> None:
    """Write a key to a new file, mode 0600; a directory that is missing is made with mode 0700.

    Raises:
        ConfigError: the file exists already or cannot be written.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(path, None, f"cannot be written: {reason_of(error)}") from None
    create_private_file(path, key_file_text(key).encode())
