"""Files that hold keys: read only when nobody else can, written so that nobody else ever could."""

from __future__ import annotations

import contextlib
import errno
import os
import shlex
import stat
import tempfile
from pathlib import Path
from typing import Final

from colonies_tui.config.errors import ConfigError

_OTHERS: Final = 0o077
_OTHERS_WRITE: Final = 0o022
_LINK: Final = "is a symbolic link, which could be turned to another file; name the file itself"
MOST_BYTES: Final = 1 << 20
"""A larger file is not one of ours, bytes."""


def reason_of(error: OSError) -> str:
    """Return the system's words for an error, without the path."""
    return (error.strerror or type(error).__name__).lower()


def read_private_file(path: Path) -> bytes:
    """Return the content of a file that only its owner can use, in a directory that only its owner can change.

    Raises:
        ConfigError: it cannot be read, it is a symbolic link or no plain file, somebody else owns it or could read or
            exchange it (with the command that ends that), or it is huge.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
        with os.fdopen(descriptor, "rb") as file:
            fault = _fault(path, os.fstat(file.fileno())) if os.name == "posix" else ""
            if fault:
                raise ConfigError(path, None, fault)
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise ConfigError(path, None, _LINK) from None
        raise ConfigError(path, None, f"cannot be read: {reason_of(error)}") from None
    if len(content) > MOST_BYTES:
        raise ConfigError(path, None, "is larger than 1 MiB, which no file of keys is")
    return content


def _fault(path: Path, found: os.stat_result) -> str:
    """Return why a file cannot be trusted with keys, nothing when it can."""
    mode = stat.S_IMODE(found.st_mode)
    if not stat.S_ISREG(found.st_mode):
        return "is not a plain file"
    if found.st_uid not in (os.geteuid(), 0):
        return "belongs to somebody else, who could exchange the keys in it"
    if mode & _OTHERS:
        words = f"others on this machine can use it (mode {mode:04o}), and it is for keys"
        return f"{words}; run: chmod 600 {shlex.quote(str(path))}"
    above = path.absolute().parent
    directory = above.stat()
    if directory.st_uid not in (os.geteuid(), 0):
        return f"is in {above}, which belongs to somebody else, who could exchange it"
    if directory.st_mode & _OTHERS_WRITE and not directory.st_mode & stat.S_ISVTX:
        words = f"others on this machine can exchange it: its directory has mode {stat.S_IMODE(directory.st_mode):04o}"
        return f"{words}; run: chmod go-w {shlex.quote(str(above))}"
    return ""


def write_private_file(path: Path, content: bytes) -> None:
    """Replace a file in one step, mode 0600, in a directory that is made with mode 0700 where it is missing.

    Raises:
        ConfigError: it is a symbolic link or cannot be written; the old content is still there.
    """
    target = path.absolute()
    if target.is_symlink():
        raise ConfigError(path, None, _LINK)
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
