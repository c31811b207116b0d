"""Key files that a pass phrase opens: scrypt makes the key that AES-256-GCM encrypts the private key with.

The file is one JSON object of text. The identity stands in it in the clear, so that profiles can be listed without the
pass phrase; it is authenticated with the rest, and is compared with what the key turns out to be.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
from typing import Any, Final

from colonies_tui.protocol.crypto import PrivateKey
from colonies_tui.protocol.errors import BadKey

FORMAT: Final = "colonies-tui key, encrypted 1"
COST: Final = 1 << 17
"""Number of rounds of scrypt for a new file: with :data:`BLOCK` about 128 MiB of memory and half a second."""
BLOCK: Final = 8
_LARGEST_COST: Final = 1 << 20
_LARGEST_BLOCK: Final = 16
_SALT_BYTES: Final = 16
_NONCE_BYTES: Final = 12


class WrongPassphrase(BadKey):
    """The pass phrase does not open the file, or the file was changed."""


def encrypt_key(key: PrivateKey, passphrase: str, *, cost: int = COST) -> bytes:
    """Return the content of a file that holds a key under a pass phrase.

    Args:
        key: what it holds.
        passphrase: what opens it; not empty.
        cost: rounds of scrypt, a power of two.

    Raises:
        ValueError: the pass phrase is empty.
    """
    if not passphrase:
        raise ValueError("an empty pass phrase protects nothing")
    header = {
        "format": FORMAT,
        "identity": key.identity,
        "cost": cost,
        "block": BLOCK,
        "salt": base64.b64encode(os.urandom(_SALT_BYTES)).decode(),
        "nonce": base64.b64encode(os.urandom(_NONCE_BYTES)).decode(),
    }
    sealed = _cipher(header, passphrase).encrypt(_bytes(header, "nonce"), bytes.fromhex(key.reveal()), _sealed(header))
    return json.dumps({**header, "key": base64.b64encode(sealed).decode()}, indent=1).encode() + b"\n"


def decrypt_key(content: bytes, passphrase: str) -> PrivateKey:
    """Return the key in a file's content.

    Raises:
        BadKey: the content is not such a file; :class:`WrongPassphrase` when it is and does not open.
    """
    from cryptography.exceptions import InvalidTag

    header = _header(content)
    sealed = _bytes(header, "key")
    try:
        opened = _cipher(header, passphrase).decrypt(_bytes(header, "nonce"), sealed, _sealed(header))
    except InvalidTag:
        raise WrongPassphrase("the pass phrase does not open it, or the file was changed") from None
    key = PrivateKey(opened.hex())
    if key.identity != header["identity"]:
        raise BadKey("it holds another key than the one it names")
    return key


def identity_in(content: bytes) -> str:
    """Return the identity that an encrypted file names, without opening it.

    Raises:
        BadKey: the content is not such a file.
    """
    return str(_header(content)["identity"])


def _header(content: bytes) -> dict[str, Any]:
    wrong = BadKey("it is not an encrypted key: colonies-tui keys encrypt makes one")
    try:
        header = json.loads(content)
    except (ValueError, RecursionError):
        raise wrong from None
    if not isinstance(header, dict) or header.get("format") != FORMAT:
        raise wrong
    cost, block = header.get("cost"), header.get("block")
    if type(cost) is not int or type(block) is not int or not isinstance(header.get("identity"), str):
        raise wrong
    # A file from elsewhere must not be able to ask for all of the memory.
    if not 2 <= cost <= _LARGEST_COST or cost & (cost - 1) or not 1 <= block <= _LARGEST_BLOCK:
        raise BadKey("it asks for more work than a key file does")
    if len(_bytes(header, "nonce")) != _NONCE_BYTES or not _bytes(header, "salt"):
        raise wrong
    return header


def _bytes(header: dict[str, Any], name: str) -> bytes:
    try:
        return base64.b64decode(header.get(name, ""), validate=True)
    except (binascii.Error, TypeError, ValueError):
        raise BadKey(f"its {name} cannot be read") from None


def _sealed(header: dict[str, Any]) -> bytes:
    """Return what is authenticated along with the key."""
    return json.dumps([header[name] for name in ("format", "identity", "cost", "block", "salt")]).encode()


def _cipher(header: dict[str, Any], passphrase: str) -> Any:
    # The library costs 30 ms to import and is wanted by few starts.
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

    derivation = Scrypt(salt=_bytes(header, "salt"), length=32, n=header["cost"], r=header["block"], p=1)
    return AESGCM(derivation.derive(passphrase.encode()))
