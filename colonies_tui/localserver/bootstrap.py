"""The first start: who exists, with which keys, and the words that tell how to connect."""

from __future__ import annotations

import json
import os
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from colonies_tui.localserver.database import DatabaseUnusable
from colonies_tui.localserver.server import LocalServer
from colonies_tui.localserver.settings import FirstIdentities
from colonies_tui.protocol.address import ServerAddress
from colonies_tui.protocol.crypto import PrivateKey
from colonies_tui.protocol.errors import BadKey
from colonies_tui.protocol.keyring import Keyring

IDENTITIES_FILE: Final = "identities.json"
"""Name of the file with the keys in the data directory; only its owner can read it."""


@dataclass(frozen=True, slots=True)
class Identities:
    """The keys of everybody who exists after the first start."""

    server_key: PrivateKey
    colony_name: str
    colony_key: PrivateKey
    user_name: str
    user_key: PrivateKey

    @property
    def keyring(self) -> Keyring:
        """All keys, for a client."""
        return Keyring(member=self.user_key, colony=self.colony_key, server=self.server_key)

    def keeps_other_keys_than(self, wished: FirstIdentities) -> bool:
        """Tell whether keys or a colony name were wished for that are not these."""
        return any(
            wish is not None and wish != own
            for wish, own in (
                (wished.server_key, self.server_key),
                (wished.colony_key, self.colony_key),
                (wished.user_key, self.user_key),
            )
        )


async def ensure_identities(server: LocalServer) -> Identities:
    """Return who exists; at the first start, make the server owner, a colony, its owner and a user.

    Raises:
        DatabaseUnusable: the database has an owner, but the file with the keys is missing or damaged.
        OSError: the file with the keys cannot be written.
    """
    directory = server.settings.data_directory
    path = None if directory is None else directory / IDENTITIES_FILE
    identities = None if path is None else _load(path)
    is_new = server.access.server_id == ""
    if identities is None:
        if not is_new:
            raise DatabaseUnusable(f"{path} is missing: the keys of this data directory are lost")
        identities = _new(server.settings.identities)
        if path is not None:
            _save(path, identities)
    if is_new:
        await _enter(server, identities)
    return identities


def _new(wished: FirstIdentities) -> Identities:
    return Identities(
        server_key=wished.server_key or PrivateKey.new(),
        colony_name=wished.colony_name,
        colony_key=wished.colony_key or PrivateKey.new(),
        user_name=wished.user_name,
        user_key=wished.user_key or PrivateKey.new(),
    )


async def _enter(server: LocalServer, identities: Identities) -> None:
    database = server.database
    with database.change():
        database.write("INSERT INTO server (key, value) VALUES ('serverid', ?)", (identities.server_key.identity,))
        database.write(
            "INSERT INTO colonies (name, colonyid) VALUES (?, ?)",
            (identities.colony_name, identities.colony_key.identity),
        )
        database.write(
            "INSERT INTO users (colonyname, name, userid, email, phone) VALUES (?, ?, ?, '', '')",
            (identities.colony_name, identities.user_name, identities.user_key.identity),
        )
    await database.settled()


def _save(path: Path, identities: Identities) -> None:
    content = {
        "server_key": identities.server_key.reveal(),
        "colony_name": identities.colony_name,
        "colony_key": identities.colony_key.reveal(),
        "user_name": identities.user_name,
        "user_key": identities.user_key.reveal(),
    }
    temporary = path.with_suffix(".new")
    temporary.unlink(missing_ok=True)
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(content, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def _load(path: Path) -> Identities | None:
    try:
        content = json.loads(path.read_text())
        return Identities(
            server_key=PrivateKey(content["server_key"]),
            colony_name=str(content["colony_name"]),
            colony_key=PrivateKey(content["colony_key"]),
            user_name=str(content["user_name"]),
            user_key=PrivateKey(content["user_key"]),
        )
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError, BadKey):
        raise DatabaseUnusable(f"{path} is damaged: the keys in it cannot be read") from None


def environment_lines(address: ServerAddress, identities: Identities) -> str:
    """Return the variables of the official CLI as shell lines; they hold the keys."""
    variables = {
        "COLONIES_SERVER_HOST": address.host,
        "COLONIES_SERVER_PORT": str(address.port),
        "COLONIES_SERVER_HTTP_PORT": str(address.port),
        "COLONIES_TLS": "true" if address.tls else "false",
        "COLONIES_COLONY_NAME": identities.colony_name,
        "COLONIES_COLONY_ID": identities.colony_key.identity,
        "COLONIES_COLONY_PRVKEY": identities.colony_key.reveal(),
        "COLONIES_SERVER_ID": identities.server_key.identity,
        "COLONIES_SERVER_PRVKEY": identities.server_key.reveal(),
        "COLONIES_ID": identities.user_key.identity,
        "COLONIES_PRVKEY": identities.user_key.reveal(),
    }
    return "\n".join(f"export {name}={shlex.quote(value)}" for name, value in variables.items())
