"""Writing a profile: only its own table changes, nobody else can read the file, and it is never half written."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from colonies_tui.config.errors import ConfigError
from colonies_tui.config.key_source import InlineKey, KeyCommand, KeyFile, KeySource, KeyVariable
from colonies_tui.config.keys_file import load_profiles
from colonies_tui.config.save import save_profile
from colonies_tui.config.toml_text import toml_key, toml_value
from colonies_tui.protocol.address import ServerAddress
from colonies_tui.protocol.crypto import PrivateKey
from colonies_tui.protocol.roles import KeySlot
from tests.config.conftest import WriteKeys

KEY = "ddf7f7791208083b6a9ed975a72684f6406a269cfa36f1b1c32045c0a71fff05"
LOCAL = ServerAddress("127.0.0.1", 50080, tls=False)
ALL_SOURCES: dict[KeySlot, KeySource] = {
    KeySlot.MEMBER: InlineKey(PrivateKey(KEY)),
    KeySlot.COLONY: KeyFile(Path("/keys/owner.key")),
    KeySlot.SERVER: KeyCommand(("pass", "show", 'a "b"')),
}

FULL = """\
# Mine. Do not touch.
default = "lab"   # the one at home

[profiles.lab]
# where the lab is
url = "http://old:1"  # moved in spring
colony = "dev"
member_key_command = [
  "pass",  # not here
  "show",
]
production = true

# the other one
[profiles.prod]
url = "https://prod"
colony = "factory"
note_free = [] # kept as it is
""".replace("note_free = [] # kept as it is\n", "# last words")


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_new_file_is_private_in_a_private_directory(tmp_path: Path) -> None:
    path = tmp_path / "config" / "keys.toml"
    save_profile(path, "lab", address=LOCAL, colony="dev", keys=ALL_SOURCES, read_only=True)
    assert mode_of(path) == 0o600
    assert mode_of(path.parent) == 0o700
    profiles = load_profiles(path)
    assert profiles.default == "lab"
    entry = profiles.entry()
    assert entry.address == LOCAL
    assert entry.sources == ALL_SOURCES
    assert entry.read_only
    assert not entry.production
    assert path.read_text().splitlines() == [
        "# Profiles of colonies-tui. This file holds keys: keep it readable by yourself alone (mode 600).",
        'default = "lab"',
        "",
        "[profiles.lab]",
        'url = "http://127.0.0.1:50080"',
        'colony = "dev"',
        f'member_key = "{KEY}"',
        'colony_key_file = "/keys/owner.key"',
        'server_key_command = ["pass", "show", "a \\"b\\""]',
        "read_only = true",
    ]


def test_another_profile_is_added_below_and_nothing_else_changes(write_keys: WriteKeys) -> None:
    path = write_keys(FULL)
    save_profile(path, "new one", address=LOCAL, colony="c", keys={KeySlot.MEMBER: KeyVariable("X")})
    assert path.read_text() == (
        f'{FULL}\n\n[profiles."new one"]\nurl = "http://127.0.0.1:50080"\ncolony = "c"\nmember_key_env = "X"\n'
    )
    assert load_profiles(path).default == "lab"


def test_a_profile_is_replaced_in_its_place_and_comments_stay(write_keys: WriteKeys) -> None:
    path = write_keys(FULL)
    save_profile(path, "lab", address=LOCAL, colony="dev", keys={KeySlot.COLONY: KeyVariable("OWNER")})
    assert path.read_text() == FULL.replace(
        'url = "http://old:1"  # moved in spring\n', 'url = "http://127.0.0.1:50080"\n'
    ).replace(
        'member_key_command = [\n  "pass",  # not here\n  "show",\n]\nproduction = true\n',
        'colony_key_env = "OWNER"\n',
    )


def test_the_last_table_is_replaced_without_a_line_end_at_the_end(write_keys: WriteKeys) -> None:
    path = write_keys('[profiles.lab]\nurl = "http://old"\ncolony = "dev"')
    save_profile(path, "lab", address=LOCAL, colony="dev", keys={}, production=True)
    assert path.read_text() == ('[profiles.lab]\nurl = "http://127.0.0.1:50080"\ncolony = "dev"\nproduction = true\n')


@pytest.mark.parametrize(
    ("before", "head"),
    [
        (FULL, '# Mine. Do not touch.\ndefault = "prod"\n'),
        ('[profiles.prod]\nurl = "http://h"\ncolony = "c"\n', 'default = "prod"\n\n[profiles.prod]\n'),
        (
            '# words\n[profiles.prod]\nurl = "http://h"\ncolony = "c"\n',
            '# words\ndefault = "prod"\n\n[profiles.prod]\n',
        ),
    ],
)
def test_the_default_is_set_on_request(write_keys: WriteKeys, before: str, head: str) -> None:
    path = write_keys(before)
    save_profile(path, "prod", address=LOCAL, colony="c", keys={}, make_default=True)
    assert path.read_text().startswith(head)
    assert load_profiles(path).default == "prod"


def test_saving_the_same_again_changes_nothing(write_keys: WriteKeys) -> None:
    path = write_keys(FULL)
    for _ in range(2):
        save_profile(path, "lab", address=LOCAL, colony="dev", keys=ALL_SOURCES)
    once = path.read_text()
    save_profile(path, "lab", address=LOCAL, colony="dev", keys=ALL_SOURCES)
    assert path.read_text() == once


@pytest.mark.parametrize(
    "text",
    [
        '[profiles]\nlab = {url = "http://h", colony = "dev"}\n',
        'profiles.lab.url = "http://h"\nprofiles.lab.colony = "dev"\n',
        'profiles = {x = {url = "http://h", colony = "dev"}}\n',
    ],
)
def test_a_file_that_cannot_be_edited_in_one_place_is_left_alone(write_keys: WriteKeys, text: str) -> None:
    path = write_keys(text)
    with pytest.raises(ConfigError, match="cannot be written without touching the rest of the file; edit it by hand"):
        save_profile(path, "lab", address=LOCAL, colony="other", keys={})
    assert path.read_text() == text


def test_a_broken_file_is_left_alone(write_keys: WriteKeys) -> None:
    path = write_keys("[profiles")
    with pytest.raises(ConfigError, match=":1: is not valid TOML"):
        save_profile(path, "lab", address=LOCAL, colony="dev", keys={})
    assert path.read_text() == "[profiles"


def test_a_file_that_others_can_read_is_refused_before_a_key_is_put_in(write_keys: WriteKeys) -> None:
    path = write_keys(FULL, mode=0o644)
    with pytest.raises(ConfigError, match="chmod 600"):
        save_profile(path, "lab", address=LOCAL, colony="dev", keys=ALL_SOURCES)
    assert KEY not in path.read_text()


@pytest.mark.parametrize(
    ("name", "colony", "words"),
    [("", "dev", "the name of a profile is empty"), ("lab", "", "colony is empty"), ("lab", KEY, "colony is 64 hexa")],
)
def test_a_name_that_could_not_be_read_back_is_refused(tmp_path: Path, name: str, colony: str, words: str) -> None:
    path = tmp_path / "keys.toml"
    with pytest.raises(ConfigError, match=words):
        save_profile(path, name, address=LOCAL, colony=colony, keys={})
    assert not path.exists()


def test_a_link_is_refused_and_left_alone(write_keys: WriteKeys, tmp_path: Path) -> None:
    path = write_keys(FULL)
    before = path.read_bytes()
    link = tmp_path / "link.toml"
    link.symlink_to(path)
    with pytest.raises(ConfigError, match="is a symbolic link"):
        save_profile(link, "lab", address=LOCAL, colony="dev", keys={})
    with pytest.raises(ConfigError, match="is a symbolic link"):
        load_profiles(link)
    assert link.is_symlink()
    assert path.read_bytes() == before


def test_a_failed_write_keeps_the_old_file_and_leaves_nothing_behind(
    write_keys: WriteKeys, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_keys(FULL)

    def full_disk(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full_disk)
    with pytest.raises(ConfigError, match="cannot be written: no space left on device"):
        save_profile(path, "lab", address=LOCAL, colony="dev", keys={})
    assert path.read_text() == FULL
    assert list(path.parent.iterdir()) == [path]


_TEXTS = st.text(st.characters(blacklist_categories=["Cs"]), max_size=20)


@given(name=_TEXTS, value=_TEXTS)
def test_any_text_survives_as_name_and_value(name: str, value: str) -> None:
    import tomllib

    assert tomllib.loads(f"{toml_key(name)} = {toml_value([value])}\n") == {name: [value]}
