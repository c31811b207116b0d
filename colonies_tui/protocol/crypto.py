"""Identities and signatures: secp256k1 keys, SHA3-256, recoverable signatures (§ Crypto).

A private key is 32 bytes. An identity is the SHA3-256 of the *hex text* of the uncompressed public key. A signature is
``r || s || v`` over the SHA3-256 of the base64 text of a payload, 130 hex characters, low-s only.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from typing import Final, NoReturn

import coincurve

from colonies_tui.protocol.errors import BadKey, BadSignature

ORDER: Final = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
"""Order N of the curve."""

_HALF_ORDER: Final = ORDER // 2
_HEX: Final = re.compile(r"[0-9a-fA-F]*\Z")
_HEX_64: Final = re.compile(r"[0-9a-fA-F]{64}\Z")


def sha3(text: str) -> bytes:
    """Return the SHA3-256 digest of a text."""
    return hashlib.sha3_256(text.encode()).digest()


def random_id() -> str:
    """Return a fresh id: 64 lower-case hex characters."""
    return secrets.token_hex(32)


def _identity(public_key: coincurve.PublicKey) -> str:
    return sha3(public_key.format(compressed=False).hex()).hex()


def _read_key(text: str) -> coincurve.PrivateKey | BadKey:
    text = text.strip()
    if not _HEX_64.match(text):
        return BadKey(f"a private key is 64 hexadecimal characters; this one has {len(text)} characters")
    number = int(text, 16)
    if not 0 < number < ORDER:
        return BadKey("the number is outside the range of secp256k1 private keys")
    return coincurve.PrivateKey(number.to_bytes(32, "big"))


class PrivateKey:
    """A private key that never shows itself.

    ``repr``, ``str`` and formatting are redacted, and it cannot be pickled; :meth:`reveal` is the one way to the hex
    text and is called only where a key is written to a file of its owner or printed because the operator asked for it.
    """

    __slots__ = ("_key", "identity")

    identity: str
    """The public id of this key: 64 lower-case hex characters."""

    def __init__(self, text: str) -> None:
        """Read a key from its 64 hex characters; surrounding white space is ignored.

        Raises:
            BadKey: the text is not a key. The message never holds the text.
        """
        key = _read_key(text)
        del text  # a traceback that prints local variables must not print this one
        if isinstance(key, BadKey):
            raise key
        self._key = key
        self.identity = _identity(self._key.public_key)

    @classmethod
    def new(cls) -> PrivateKey:
        """Return a new random key."""
        return cls((secrets.randbelow(ORDER - 1) + 1).to_bytes(32, "big").hex())

    def sign(self, text: str) -> str:
        """Return the signature of a payload's base64 text: 130 hex characters."""
        return self._key.sign_recoverable(sha3(text), hasher=None).hex()

    def reveal(self) -> str:
        """Return the key itself as hex text. Handle with care."""
        return self._key.secret.hex()

    def struck_out(self, text: str, mark: str) -> str:
        """Return a text with ``mark`` wherever this key stands in it, in either case: for what is kept on the disk."""
        return re.sub(self._key.secret.hex(), lambda _: mark, text, flags=re.IGNORECASE)

    def __repr__(self) -> str:
        identity = getattr(self, "identity", "unknown")  # printed half-built by some tracebacks
        return f"PrivateKey(id {identity[:8]}…, redacted)"

    __str__ = __repr__

    def __reduce__(self) -> NoReturn:
        raise TypeError("a private key is not pickled")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PrivateKey) and other.identity == self.identity

    def __hash__(self) -> int:
        return hash(self.identity)


def recover_identity(text: str, signature: str) -> str:
    """Return the identity that signed ``text``.

    A signature by the wrong key is not an error here: it recovers to another identity.

    Raises:
        BadSignature: not hex, not 65 bytes, not recoverable, or s above N/2.
    """
    if not _HEX.match(signature):
        raise BadSignature("signature is not hexadecimal")
    if len(signature) != 130:
        raise BadSignature("signature is not 65 bytes")
    raw = bytes.fromhex(signature)
    if int.from_bytes(raw[32:64], "big") > _HALF_ORDER:
        raise BadSignature("signature is in high-s form")
    try:
        public_key = coincurve.PublicKey.from_signature_and_message(raw, sha3(text), hasher=None)
    except ValueError:
        raise BadSignature("no public key can be recovered from the signature") from None
    except Exception as error:  # coincurve raises bare Exception from some of its C paths
        raise BadSignature("no public key can be recovered from the signature") from error
    return _identity(public_key)
