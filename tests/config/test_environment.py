"""The official variables as a profile."""

from __future__ import annotations

import pytest

from colonies_tui.config.environment import profile_from_environment
from colonies_tui.config.errors import ConfigError
from colonies_tui.config.profile import Profile

MEMBER = "ddf7f7791208083b6a9ed975a72684f6406a269cfa36f1b1c32045c0a71fff05"
MEMBER_ID = "3fc05cf3df4b494e95d6a3d297a34f19938f7daa7422ab0d4f794454133341ac"
COLONY = "ba949fa134981372d6da62b6a56f336ab4d843b22c02a4257dcf7d0d73097514"
COLONY_ID = "4787a5071856a4acf702b2ffcea422e3237a679c681314113d86139461290cf4"
SERVER = "fcc79953d8a751bf41db661592dc34d30004b1a651ffa0725b03ac227641499d"
SERVER_ID = "039231c7644e04b6895471dd5335cf332681c54e27f81fac54f9067b3f2c0103"
LEAST = {"COLONIES_SERVER_HOST": "localhost", "COLONIES_COLONY_NAME": "dev"}


def profile(**variables: str) -> Profile:
    made = profile_from_environment({**LEAST, **variables})
    assert made is not None
    return made


def test_all_variables() -> None:
    made = profile(
        COLONIES_SERVER_PORT="50080",
        COLONIES_TLS="false",
        COLONIES_PRVKEY=MEMBER,
        COLONIES_COLONY_PRVKEY=COLONY,
        COLONIES_SERVER_PRVKEY=SERVER,
    )
    assert str(made.address) == "http://localhost:50080"
    assert made.colony == "dev"
    keys = (made.keys.member, made.keys.colony, made.keys.server)
    assert [key.identity for key in keys if key] == [MEMBER_ID, COLONY_ID, SERVER_ID]
    assert made.file is None
    assert MEMBER not in repr(made)


@pytest.mark.parametrize("variables", [{}, {"COLONIES_SERVER_HOST": " "}, {"COLONIES_PRVKEY": MEMBER}])
def test_without_a_host_there_is_no_profile(variables: dict[str, str]) -> None:
    assert profile_from_environment(variables) is None


@pytest.mark.parametrize(
    ("text", "tls"),
    [
        (None, True),
        ("", True),
        ("true", True),
        ("TRUE", True),
        ("1", True),
        ("false", False),
        ("False", False),
        ("0", False),
    ],
)
def test_tls_is_on_unless_it_is_said_to_be_off(text: str | None, tls: bool) -> None:
    made = profile(**({} if text is None else {"COLONIES_TLS": text}))
    assert made.address.tls is tls
    assert made.address.port == (443 if tls else 50080)


def test_the_http_port_goes_before_the_old_name() -> None:
    assert profile(COLONIES_SERVER_HTTP_PORT="1", COLONIES_SERVER_PORT="2").address.port == 1
    assert profile(COLONIES_SERVER_HTTP_PORT="", COLONIES_SERVER_PORT="2").address.port == 2


def test_the_member_key_goes_before_the_executor_key() -> None:
    first = profile(COLONIES_PRVKEY=MEMBER, COLONIES_EXECUTOR_PRVKEY=COLONY).keys.member
    second = profile(COLONIES_EXECUTOR_PRVKEY=COLONY).keys.member
    assert first is not None
    assert second is not None
    assert (first.identity, second.identity) == (MEMBER_ID, COLONY_ID)


@pytest.mark.parametrize(
    ("text", "host"), [("::1", "::1"), ("[::1]", "::1"), ("10.0.0.1", "10.0.0.1"), ("h.example", "h.example")]
)
def test_hosts_and_addresses(text: str, host: str) -> None:
    assert profile(COLONIES_SERVER_HOST=text).address.host == host


WRONG = [
    ({"COLONIES_COLONY_NAME": ""}, "COLONIES_SERVER_HOST is set, but COLONIES_COLONY_NAME is not"),
    (
        {"COLONIES_COLONY_NAME": MEMBER},
        "COLONIES_COLONY_NAME is 64 hexadecimal characters, which is a key or an identity and not a name",
    ),
    (
        {"COLONIES_SERVER_HOST": "http://h"},
        "COLONIES_SERVER_HOST is 'http://h'; it should be a host name or an address alone, without http:// and"
        " without a port (COLONIES_SERVER_HTTP_PORT, COLONIES_TLS)",
    ),
    (
        {"COLONIES_SERVER_HOST": "h:50080"},
        "COLONIES_SERVER_HOST is 'h:50080'; it should be a host name or an address alone, without http:// and"
        " without a port (COLONIES_SERVER_HTTP_PORT, COLONIES_TLS)",
    ),
    ({"COLONIES_SERVER_PORT": "80a"}, "COLONIES_SERVER_PORT is '80a'; it should be a port from 1 to 65535"),
    ({"COLONIES_SERVER_PORT": "²"}, "COLONIES_SERVER_PORT is '²'; it should be a port from 1 to 65535"),
    ({"COLONIES_SERVER_HTTP_PORT": "0"}, "COLONIES_SERVER_HTTP_PORT is '0'; it should be a port from 1 to 65535"),
    (
        {"COLONIES_SERVER_HTTP_PORT": "65536"},
        "COLONIES_SERVER_HTTP_PORT is '65536'; it should be a port from 1 to 65535",
    ),
    ({"COLONIES_TLS": "yes"}, "COLONIES_TLS is 'yes'; it should be true or false (unset means true)"),
    (
        {"COLONIES_TLS": MEMBER},
        "COLONIES_TLS is '(64 characters, not shown)'; it should be true or false (unset means true)",
    ),
    (
        {"COLONIES_PRVKEY": MEMBER[:-1]},
        "COLONIES_PRVKEY: a private key is 64 hexadecimal characters; this one has 63 characters",
    ),
    (
        {"COLONIES_COLONY_PRVKEY": "x" + COLONY[1:]},
        "COLONIES_COLONY_PRVKEY: a private key is 64 hexadecimal characters; this one has 64 characters",
    ),
    (
        {"COLONIES_SERVER_PRVKEY": "f" * 64},
        "COLONIES_SERVER_PRVKEY: the number is outside the range of secp256k1 private keys",
    ),
]


@pytest.mark.parametrize(("variables", "words"), WRONG)
def test_a_wrong_variable_is_named_without_its_key(variables: dict[str, str], words: str) -> None:
    with pytest.raises(ConfigError) as caught:
        profile_from_environment({**LEAST, **variables})
    assert str(caught.value) == words
