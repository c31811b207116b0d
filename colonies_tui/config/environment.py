"""A profile from the environment variables of the official command line client (§ Environment)."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import Final

from colonies_tui.config.errors import ConfigError
from colonies_tui.config.names import name_fault
from colonies_tui.config.profile import Profile
from colonies_tui.protocol.address import DEFAULT_PORT, ServerAddress
from colonies_tui.protocol.crypto import PrivateKey
from colonies_tui.protocol.errors import BadKey
from colonies_tui.protocol.keyring import Keyring

HOST_VARIABLE: Final = "COLONIES_SERVER_HOST"
"""The variable that decides whether there is a profile in the environment at all."""

PROFILE_NAME: Final = "environment"
"""Name of the profile that the variables make."""

_PORT_VARIABLES: Final = ("COLONIES_SERVER_HTTP_PORT", "COLONIES_SERVER_PORT")
_MEMBER_VARIABLES: Final = ("COLONIES_PRVKEY", "COLONIES_EXECUTOR_PRVKEY")
_TRUE: Final = ("1", "t", "true")
_FALSE: Final = ("0", "f", "false")


def profile_from_environment(env: Mapping[str, str]) -> Profile | None:
    """Return the profile that the official variables describe, ``None`` where no host is set.

    ``COLONIES_SERVER_HOST``, ``COLONIES_SERVER_HTTP_PORT`` else ``COLONIES_SERVER_PORT``, ``COLONIES_TLS`` (unset means
    TLS), ``COLONIES_COLONY_NAME``, ``COLONIES_PRVKEY`` else ``COLONIES_EXECUTOR_PRVKEY``, ``COLONIES_COLONY_PRVKEY``,
    ``COLONIES_SERVER_PRVKEY``. A variable that is set to nothing counts as not set.

    Raises:
        ConfigError: names the variable that is wrong; never holds a key.
    """
    if not _get(env, HOST_VARIABLE):
        return None
    tls = _tls(env)
    colony = _get(env, "COLONIES_COLONY_NAME")
    if not colony:
        raise ConfigError(None, None, f"{HOST_VARIABLE} is set, but COLONIES_COLONY_NAME is not")
    if fault := name_fault(colony):
        raise ConfigError(None, None, f"COLONIES_COLONY_NAME {fault}")
    return Profile(
        name=PROFILE_NAME,
        address=ServerAddress(_host(env), _port(env, tls=tls), tls),
        colony=colony,
        keys=Keyring(
            member=_key(env, *_MEMBER_VARIABLES),
            colony=_key(env, "COLONIES_COLONY_PRVKEY"),
            server=_key(env, "COLONIES_SERVER_PRVKEY"),
        ),
        source="the environment variables COLONIES_…",
    )


def _get(env: Mapping[str, str], variable: str) -> str:
    return env.get(variable, "").strip()


def _host(env: Mapping[str, str]) -> str:
    host = _get(env, HOST_VARIABLE)
    if host.startswith("[") and host.endswith("]"):
        host = host[1:-1]
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        pass
    if "/" in host or ":" in host or "@" in host or any(character.isspace() for character in host):
        raise ConfigError(
            None,
            None,
            f"{HOST_VARIABLE} is {host!r}; it should be a host name or an address alone,"
            " without http:// and without a port (COLONIES_SERVER_HTTP_PORT, COLONIES_TLS)",
        )
    return host


def _port(env: Mapping[str, str], *, tls: bool) -> int:
    for variable in _PORT_VARIABLES:
        text = _get(env, variable)
        if not text:
            continue
        if not (text.isascii() and text.isdigit() and len(text) <= 5 and 0 < int(text) < 65536):
            raise ConfigError(None, None, f"{variable} is {text!r}; it should be a port from 1 to 65535")
        return int(text)
    return 443 if tls else DEFAULT_PORT


def _tls(env: Mapping[str, str]) -> bool:
    text = _get(env, "COLONIES_TLS")
    if not text or text.lower() in _TRUE:
        return True
    if text.lower() in _FALSE:
        return False
    raise ConfigError(None, None, f"COLONIES_TLS is {text!r}; it should be true or false (unset means true)")


def _key(env: Mapping[str, str], *variables: str) -> PrivateKey | None:
    for variable in variables:
        text = _get(env, variable)
        if not text:
            continue
        try:
            return PrivateKey(text)
        except BadKey as error:
            raise ConfigError(None, None, f"{variable}: {error}") from None
    return None
