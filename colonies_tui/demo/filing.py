"""Files of this machine as a colony keeps them: under a label, with size and checksum; contents stay where they are."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from colonies_tui.demo.cast import COLONY
from colonies_tui.protocol.crypto import random_id
from colonies_tui.protocol.models.file import File, Reference, S3Object

LIBRARY_LABEL: Final = "/stdlib"
"""Label of the library's own files; its packages are labels below it."""

REPORTS_LABEL: Final = "/reports"
"""Label of what the demo writes, again and again."""

_NOWHERE: Final = S3Object(server="s3.demo.invalid:9000", port=-1, tls=True, bucket=COLONY)
"""A reference is asked for and there is no bucket: the name is one that is never given to a machine, and no credentials
are known.
"""


@dataclass(frozen=True, slots=True)
class KeptFile:
    """One revision of a file."""

    label: str
    name: str
    size: int
    """Bytes."""
    sha256: str

    @classmethod
    def of(cls, label: str, path: Path) -> Self:
        """Read a file.

        Raises:
            OSError: it cannot be read.
        """
        content = path.read_bytes()
        return cls(label, path.name, len(content), hashlib.sha256(content).hexdigest())

    def as_file(self) -> File:
        """Return what is sent to the server."""
        return File(
            colonyname=COLONY,
            label=self.label,
            name=self.name,
            size=self.size,
            checksum=self.sha256,
            checksumalg="SHA256",
            ref=Reference(protocol="s3", s3object=_NOWHERE.model_copy(update={"object": random_id()})),
        )
