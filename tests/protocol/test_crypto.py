"""Identities and signatures against vectors of other implementations."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from colonies_tui.protocol.crypto import ORDER, PrivateKey, random_id, recover_identity, sha3
from colonies_tui.protocol.errors import BadKey, BadSignature

SERVER_OWNER = "fcc79953d8a751bf41db661592dc34d30004b1a651ffa0725b03ac227641499d"
COLONY_OWNER = "ba949fa134981372d6da62b6a56f336ab4d843b22c02a4257dcf7d0d73097514"
USER = "ddf7f7791208083b6a9ed975a72684f6406a269cfa36f1b1c32045c0a71fff05"
GO_TEST_SUITE = "6d2fb6f546bacfd98c68769e61e0b44a697a30596c018a50e28200aa59b01c0a"

IDENTITIES = {
    SERVER_OWNER: "039231c7644e04b6895471dd5335cf332681c54e27f81fac54f9067b3f2c0103",
    COLONY_OWNER: "4787a5071856a4acf702b2ffcea422e3237a679c681314113d86139461290cf4",
    USER: "3fc05cf3df4b494e95d6a3d297a34f19938f7daa7422ab0d4f794454133341ac",
    GO_TEST_SUITE: "4fef2b5a82d134d058c1883c72d6d9caf77cd59ca82d73105017590dea3dcb87",
}

USER_PUBLIC_KEY = (
    "040e1930031d82f79fb53008c4ad81c8933f9fdb4d55bf9f385eca9f1275b2cfd6"
    "ed08ae04fd9e3b72daeea8d3e836148d4d3dc27df58fb45878d126cddf4d2fcf"
)

# key, JSON, base64 text, digest, signature; the Go implementation yields the same bytes
SIGNATURES = [
    pytest.param(
        SERVER_OWNER,
        '{"msgtype":"getcoloniesmsg"}',
        "eyJtc2d0eXBlIjoiZ2V0Y29sb25pZXNtc2cifQ==",
        "60505a7286296481b371f5f0d831f1065594d9be11e8acabeab18052712949b9",
        "3cf5209e35d24048f67652cb354ded5bed0d56bdce9cab433646942a47760353"
        "283e65a2cb764e22d9efa37e67a9ba485ade029f1405e5eed13365a82250a87300",
        id="server owner",
    ),
    pytest.param(
        USER,
        '{"processid":"80a98f46c7a364fd33339a6fb2e6c5d8988384fdbf237b4012490c4658bbc9ce","msgtype":"getprocessmsg"}',
        "eyJwcm9jZXNzaWQiOiI4MGE5OGY0NmM3YTM2NGZkMzMzMzlhNmZiMmU2YzVkODk4ODM4NGZkYmYyMzdiNDAxMjQ5MGM0NjU4YmJjOWNlIiwi"
        "bXNndHlwZSI6ImdldHByb2Nlc3Ntc2cifQ==",
        "482668a46fbbe5b530dcebe07ece133e3ce51e5894040bd2f2857ec70b6b3ec0",
        "4f94aa3b3d8e13a813cdb890fe2bb819add7822630004f8a26b1320cffb4e2fb"
        "11438857affeac3507b6ad4b0be56881cb5f07a80759db5550c44e09de0ea89301",
        id="user",
    ),
    pytest.param(
        COLONY_OWNER,
        '{"colonyname":"dev","msgtype":"pauseassignmentsmsg"}',
        "eyJjb2xvbnluYW1lIjoiZGV2IiwibXNndHlwZSI6InBhdXNlYXNzaWdubWVudHNtc2cifQ==",
        None,
        "3723dad212c56acfbd29a75f1fdc0f00635ceb83bcbc00ee363570c80676f2c4"
        "006bb9ee2f5b46c0600d95d39b1c8e54ed65b77270e1a0645b68452a6757d51a00",
        id="colony owner",
    ),
]

HELLO_DIGEST = "3338be694f50c5f338814986cdf0686453a888b84f424d792af4b9202398f392"
HELLO_SIGNATURE = (
    "997eca36736d465e0e8d64e6d657ff4c939c8f5cad4272797ea0fe372bfd8d09"
    "53d21b3d06ded5dd80aee8cfa3a9be7ce615ce690eb64184fe15962943fe541300"
)
HELLO_IDENTITY = "5d6568f883451ae2e407d1a0a7992e414f2a67b69d0e6e9176d353b98f06f696"

private_keys = st.integers(1, ORDER - 1).map(lambda number: PrivateKey(f"{number:064x}"))


@pytest.mark.parametrize(("key", "identity"), IDENTITIES.items())
def test_identity_of_a_known_key(key: str, identity: str) -> None:
    assert PrivateKey(key).identity == identity


def test_identity_is_the_digest_of_the_hex_text_of_the_public_key() -> None:
    assert sha3(USER_PUBLIC_KEY).hex() == IDENTITIES[USER]


@pytest.mark.parametrize(("key", "json_text", "text", "digest", "signature"), SIGNATURES)
def test_signature_vector(key: str, json_text: str, text: str, digest: str | None, signature: str) -> None:
    assert base64.b64encode(json_text.encode()).decode() == text
    assert digest is None or sha3(text).hex() == digest
    assert PrivateKey(key).sign(text) == signature
    assert recover_identity(text, signature) == IDENTITIES[key]


def test_recovery_of_a_signature_made_by_the_go_implementation() -> None:
    assert sha3("hello").hex() == HELLO_DIGEST
    assert recover_identity("hello", HELLO_SIGNATURE) == HELLO_IDENTITY


def test_upper_case_signatures_are_read() -> None:
    assert recover_identity("hello", HELLO_SIGNATURE.upper()) == HELLO_IDENTITY


def test_another_text_recovers_to_another_identity() -> None:
    assert recover_identity("hellp", HELLO_SIGNATURE) != HELLO_IDENTITY


def test_high_s_is_refused_although_it_would_recover() -> None:
    raw = bytes.fromhex(HELLO_SIGNATURE)
    high_s = ORDER - int.from_bytes(raw[32:64], "big")
    twin = raw[:32] + high_s.to_bytes(32, "big") + bytes([raw[64] ^ 1])
    with pytest.raises(BadSignature, match="high-s"):
        recover_identity("hello", twin.hex())


@pytest.mark.parametrize(
    ("signature", "words"),
    [
        ("", "65 bytes"),
        ("zz" * 65, "hexadecimal"),
        ("0" * 129, "65 bytes"),
        (HELLO_SIGNATURE[:2] + " " + HELLO_SIGNATURE[2:], "hexadecimal"),
        (HELLO_SIGNATURE + "\n", "hexadecimal"),
        (HELLO_SIGNATURE[:-2], "65 bytes"),
        (HELLO_SIGNATURE + "00", "65 bytes"),
        ("00" * 65, "recovered"),
        (HELLO_SIGNATURE[:-2] + "04", "recovered"),
        (HELLO_SIGNATURE[:-2] + "1b", "recovered"),  # the 27-based form of other systems
        ("ff" * 32 + HELLO_SIGNATURE[64:], "recovered"),
        (HELLO_SIGNATURE[:64] + "00" * 32 + "00", "recovered"),
    ],
)
def test_malformed_signatures_are_refused(signature: str, words: str) -> None:
    with pytest.raises(BadSignature, match=words):
        recover_identity("hello", signature)


@given(st.binary(min_size=65, max_size=65), st.text())
def test_any_65_bytes_recover_to_an_identity_or_are_refused(raw: bytes, text: str) -> None:
    try:
        identity = recover_identity(text, raw.hex())
    except BadSignature:
        return
    assert len(bytes.fromhex(identity)) == 32


@given(st.text())
def test_any_text_as_signature_is_an_identity_or_refused(signature: str) -> None:
    with pytest.raises(BadSignature):
        recover_identity("hello", signature)


@given(private_keys, st.text())
def test_what_a_key_signs_recovers_to_its_identity_in_low_s_form(key: PrivateKey, text: str) -> None:
    signature = key.sign(text)
    assert len(signature) == 130
    assert int(signature[64:128], 16) <= ORDER // 2
    assert recover_identity(text, signature) == key.identity
    assert key.sign(text) == signature


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "has 0 characters"),
        ("ab", "has 2 characters"),
        ("g" * 64, "64 hexadecimal characters"),
        ("0x" + "1" * 62, "64 hexadecimal characters"),
        ("1" * 65, "has 65 characters"),
        ("0" * 64, "outside the range"),
        (f"{ORDER:064x}", "outside the range"),
        ("f" * 64, "outside the range"),
        ("１" * 64, "64 hexadecimal characters"),
    ],
)
def test_what_is_no_private_key_is_refused(text: str, words: str) -> None:
    with pytest.raises(BadKey, match=words):
        PrivateKey(text)


@pytest.mark.parametrize("number", [1, ORDER - 1])
def test_the_ends_of_the_range_are_keys(number: int) -> None:
    assert PrivateKey(f"{number:064x}").reveal() == f"{number:064x}"


def test_white_space_and_upper_case_around_a_key_do_not_matter() -> None:
    assert PrivateKey(f"  {USER.upper()}\n") == PrivateKey(USER)


def test_new_keys_and_ids_differ_and_have_the_form() -> None:
    keys = {PrivateKey.new().identity for _ in range(20)}
    ids = {random_id() for _ in range(20)}
    assert len(keys) == len(ids) == 20
    assert all(len(bytes.fromhex(text)) == 32 and text == text.lower() for text in keys | ids)


def test_a_new_key_reads_back_from_what_it_reveals() -> None:
    key = PrivateKey.new()
    assert PrivateKey(key.reveal()) == key
    assert hash(PrivateKey(key.reveal())) == hash(key)
    assert key != PrivateKey.new()
    assert key != key.reveal()
