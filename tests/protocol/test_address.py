"""Server addresses as operators write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from colonies_tui.protocol.address import ServerAddress


@pytest.mark.parametrize(
    ("url", "host", "port", "tls"),
    [
        ("http://localhost:50080", "localhost", 50080, False),
        ("http://localhost", "localhost", 50080, False),
        ("https://colonies.example", "colonies.example", 443, True),
        ("https://colonies.example:50080/", "colonies.example", 50080, True),
        ("  HTTP://Example:1  ", "example", 1, False),
        ("http://[::1]:50080", "::1", 50080, False),
    ],
)
def test_addresses_are_read(url: str, host: str, port: int, tls: bool) -> None:
    assert ServerAddress.parse(url) == ServerAddress(host, port, tls)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("", "begins with http"),
        ("localhost:50080", "begins with http"),
        ("ftp://localhost", "begins with http"),
        ("http://", "host is missing"),
        ("http://:50080", "host is missing"),
        ("http://host:50080/api", "only scheme, host and port"),
        ("http://host:50080?x=1", "only scheme, host and port"),
        ("http://host:50080#x", "only scheme, host and port"),
        ("http://user@host:50080", "only scheme, host and port"),
        ("http://:word@host:50080", "only scheme, host and port"),
        ("http://host:0", "port 0"),
        ("http://host:65536", "between 1 and 65535"),
        ("http://host:port", "between 1 and 65535"),
        ("http://[::1:50080", "not a server address"),
    ],
)
def test_other_texts_are_refused_with_the_reason(url: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        ServerAddress.parse(url)


def test_urls_of_requests_and_subscriptions() -> None:
    plain = ServerAddress("::1", 50080, tls=False)
    secure = ServerAddress("colonies.example", 443, tls=True)
    assert plain.http_url == str(plain) == "http://[::1]:50080"
    assert plain.websocket_url == "ws://[::1]:50080/pubsub"
    assert secure.http_url == "https://colonies.example:443"
    assert secure.websocket_url == "wss://colonies.example:443/pubsub"


@given(st.from_regex(r"\A[a-z][a-z0-9.-]{0,30}\Z"), st.integers(1, 65535), st.booleans())
def test_what_is_written_is_read_back(host: str, port: int, tls: bool) -> None:
    address = ServerAddress(host, port, tls)
    assert ServerAddress.parse(str(address)) == address


@given(st.text())
def test_any_text_is_an_address_or_a_value_error(text: str) -> None:
    words = "not a server address"
    try:
        ServerAddress.parse(f"http://{text}")
    except ValueError as error:
        words = str(error)
    assert "not a server address" in words
