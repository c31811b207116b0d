"""Files that hold keys: read only when nobody else can, written so that nobody else ever could."""

from __future__ import annotations

import contextlib
import os
import shlex
import stat
import tempfile
from pathlib import Path
from typing import Final

from colonies_tui.config.errors import ConfigError

_OTHERS: Final = 0o077
MOST_BYTES: Final = 1 << 20
"""A larger file is not one of ours, bytes."""


def reason_of(error: OSError) -> str:
    """Return the system's words for an error, without the path."""
    return (error.strerror or type(error).__name__).lower()


def read_private_file(path: Path) -> bytes:
    """Return the content of a file that only its owner can use.

    Raises:
        ConfigError: it cannot be read, others can read or write it (with the command that ends that), or it is huge.
    """
    try:
        with path.open("rb") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            if os.name == "posix" and mode & _OTHERS:
                raise ConfigError(
                    path,
                    None,
                    f"others on this machine can use it (mode {mode:04o}), and it is for keys;"
                    f" run: chmod 600 {shlex.quote(str(path))}",
                )
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise ConfigError(path, None, f"cannot be read: {reason_of(error)}") from None
    if len(content) > MOST_BYTES:
        raise ConfigError(path, None, "is larger than 1 MiB, which no file of keys is")
    return content


def write_private_file(path: Path, content: bytes) -> None:
    """Replace a file in one step, mode 0600, in a directory that is made with mode 0700 where it is missing.

    A symbolic link stays one: what it points to is replaced.

    Raises:
        ConfigError: it cannot be written; the old content is still there.
    """
    target = Path(os.path.realpath(path))
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")  # mode 0600 from the start
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(target)
        except BaseException:
            with contextlib.suppress(OSError):
                Path(name).unlink()
            raise
    except OSError as error:
        raise ConfigError(path, None, f"cannot be written: {reason_of(error)}") from None


def create_private_file(path: Path, content: bytes) -> None:
    """Write a new file, mode 0600; never over one that exists.

    Raises:
        ConfigError: it exists already or cannot be written.
    """
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
    except FileExistsError:
        raise ConfigError(path, None, "exists already and is not overwritten") from None
    except OSError as error:
        raise ConfigError(path, None, f"cannot be written: {reason_of(error)}") from None
