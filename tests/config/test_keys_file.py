"""``keys.toml``: what it says, and every way in which it can be wrong, in words and without a key."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
import trustme

from colonies_tui.config.errors import ConfigError
from colonies_tui.config.keys_file import load_profiles
from colonies_tui.protocol.address import ServerAddress
from colonies_tui.protocol.roles import KeySlot
from tests.config.conftest import WriteKeys

KEY = "ddf7f7791208083b6a9ed975a72684f6406a269cfa36f1b1c32045c0a71fff05"
IDENTITY = "3fc05cf3df4b494e95d6a3d297a34f19938f7daa7422ab0d4f794454133341ac"
HEAD = '[profiles.lab]\nurl = "http://127.0.0.1:50080"\ncolony = "dev"\n'


def fault(path: Path) -> str:
    """Return what follows the path in the error of loading a file; it is one line."""
    with pytest.raises(ConfigError) as caught:
        load_profiles(path)
    text = str(caught.value)
    assert text.startswith(str(path))
    assert "\n" not in text
    return text.removeprefix(str(path))


def test_a_full_profile_is_read(write_keys: WriteKeys, tmp_path: Path) -> None:
    owner = tmp_path / "owner.key"
    owner.write_text(f"# identity of somebody\n\n{KEY}\n")
    owner.chmod(0o600)
    path = write_keys(
        f'default = "lab"\n{HEAD}member_key = "{KEY}"\ncolony_key_file = "owner.key"\nserver_key_env = "LAB_KEY"\n'
        "production = true\nread_only = true\n"
    )
    profile = load_profiles(path).entry().resolve({"LAB_KEY": KEY}, why="its default profile")
    assert profile.name == "lab"
    assert profile.address == ServerAddress("127.0.0.1", 50080, tls=False)
    assert profile.colony == "dev"
    assert profile.production
    assert profile.read_only
    assert [key.identity for key in (profile.keys.in_slot(slot) for slot in KeySlot) if key] == [IDENTITY] * 3
    assert profile.file == path
    assert profile.source == f"{path} (its default profile)"


def test_no_repr_on_the_way_shows_a_key(write_keys: WriteKeys) -> None:
    profiles = load_profiles(write_keys(f'{HEAD}member_key = "{KEY}"\n'))
    for value in (profiles, profiles.entry(), profiles.entry().resolve({})):
        assert KEY not in repr(value)
        assert IDENTITY[:8] in repr(value)


def test_a_profile_without_keys_is_a_profile(write_keys: WriteKeys) -> None:
    keys = load_profiles(write_keys(HEAD)).entry().resolve({}).keys
    assert keys.member is keys.colony is keys.server is None


def test_the_only_profile_is_the_default(write_keys: WriteKeys) -> None:
    assert load_profiles(write_keys(HEAD)).default == "lab"


def test_keys_of_other_profiles_are_not_fetched(write_keys: WriteKeys) -> None:
    path = write_keys(
        f'default = "lab"\n{HEAD}\n[profiles.other]\nurl = "http://h"\ncolony = "c"\nmember_key_env = "NOT_SET"\n'
    )
    profiles = load_profiles(path)
    assert profiles.entry().resolve({}).name == "lab"
    with pytest.raises(ConfigError, match=r":9: profile other: member key: .* NOT_SET is not set"):
        profiles.entry("other").resolve({})


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o660, 0o622])
def test_a_file_that_others_can_use_is_refused_with_the_way_out(write_keys: WriteKeys, mode: int) -> None:
    path = write_keys(HEAD, mode=mode)
    assert fault(path) == (
        f": others on this machine can use it (mode {mode:04o}), and it is for keys; run: chmod 600 {path}"
    )


def test_a_mode_of_only_reading_is_fine(write_keys: WriteKeys) -> None:
    assert load_profiles(write_keys(HEAD, mode=0o400)).default == "lab"


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    assert fault(tmp_path / "keys.toml") == ": cannot be read: no such file or directory"


def test_what_is_not_text_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "keys.toml"
    path.write_bytes(b"# fine\n# \xff\n")
    path.chmod(0o600)
    assert fault(path) == ":2: is not UTF-8 text"


def test_a_huge_file_is_refused(write_keys: WriteKeys) -> None:
    assert fault(write_keys("#" * (1 << 20) + "\n")) == ": is larger than 1 MiB, which no file of keys is"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('default = "lab\n', ":1: is not valid TOML: "),
        (f"{HEAD}member_key = {KEY}\n", ":4: is not valid TOML: "),
        (f'{HEAD}member_key = "{KEY}\n', ":4: is not valid TOML: "),
        (f"{HEAD}{KEY}\n", ":4: is not valid TOML: "),
        (f'{HEAD}member_key = """{KEY}\n', ":5: is not valid TOML: "),
        ("[profiles.lab]\n[profiles.lab]\n", ":2: is not valid TOML: "),
        (f"{KEY}.x = 1\n{KEY}.x = 1\n", ":2: is not valid TOML: "),
        (f"[{KEY}]\n[{KEY}]\n", ":2: is not valid TOML: "),
    ],
)
def test_broken_toml_is_named_with_its_line_and_without_its_content(
    write_keys: WriteKeys, text: str, words: str
) -> None:
    said = fault(write_keys(text))
    assert said.startswith(words)
    assert len(said) > len(words)
    assert KEY[:16] not in said


LONG = KEY + "00"
UNHEX = KEY[:-1] + "g"

WRONG = {
    "unknown setting at the top": (
        'defualt = "lab"\n',
        ':1: there is no setting "defualt" at the top; did you mean "default"?',
    ),
    "a table of another name": (
        "\n[lab]\n",
        ':2: there is no setting "lab" at the top; profiles are tables such as [profiles.lab]',
    ),
    "profiles is no table": ("profiles = 3\n", ":1: profiles is a number; it should be a table"),
    "a profile is no table": ("[profiles]\nlab = 3\n", ":2: profile lab is a number; it should be a table"),
    "default is no text": (f"default = true\n{HEAD}", ":1: default is true or false; it should be a text"),
    "default is unknown": (
        f'default = "lap"\n{HEAD}',
        ':1: default is "lap", but there is no such profile; did you mean "lab"?',
    ),
    "empty name": ('[profiles.""]\nurl = "http://h"\n', ":1: the name of a profile is empty"),
    "a key as a name": (
        f"[profiles.{KEY}]\n",
        ":1: the name of a profile is 64 hexadecimal characters, which is a key or an identity and not a name",
    ),
    "unprintable name": ('[profiles."a\\u001b"]\n', ":1: the name of a profile has characters that cannot be printed"),
    "misspelt setting": (f"{HEAD}colny = 1\n", ':4: profile lab: there is no setting "colny"; did you mean "colony"?'),
    "misspelt key setting": (
        f'{HEAD}membr_key = "{KEY}"\n',
        ':4: profile lab: there is no setting "membr_key"; did you mean "member_key"?',
    ),
    "key as a setting": (
        f'{HEAD}{KEY} = ""\n',
        ':4: profile lab: there is no setting "(64 characters, not shown)"',
    ),
    "no url": ('\n[profiles.lab]\ncolony = "dev"\n', ":2: profile lab: url is missing"),
    "no colony": ('[profiles.lab]\nurl = "http://h"\n', ":1: profile lab: colony is missing"),
    "url is no text": ("[profiles.lab]\nurl = 1\n", ":2: profile lab: url is a number; it should be a text"),
    "url without scheme": (
        '[profiles.lab]\nurl = "host:50080"\ncolony = "c"\n',
        ":2: profile lab: url: 'host:50080' is not a server address: it begins with http:// or https://",
    ),
    "url with a path": (
        '[profiles.lab]\nurl = "http://h/api"\ncolony = "c"\n',
        ":2: profile lab: url: 'http://h/api' is not a server address: only scheme, host and port belong to it",
    ),
    "url with a password": (
        '[profiles.lab]\nurl = "http://me:secret@h"\ncolony = "c"\n',
        ":2: profile lab: url holds a name or a password; only scheme, host and port belong to it",
    ),
    "url is a key": (
        f'[profiles.lab]\nurl = "{KEY}"\ncolony = "c"\n',
        ":2: profile lab: url: '(64 characters, not shown)' is not a server address: it begins with http:// or https://",
    ),
    "colony is a key": (
        f'[profiles.lab]\nurl = "http://h"\ncolony = "{KEY}"\n',
        ":3: profile lab: colony is 64 hexadecimal characters, which is a key or an identity and not a name",
    ),
    "empty colony": ('[profiles.lab]\nurl = "http://h"\ncolony = " "\n', ":3: profile lab: colony is empty"),
    "short key": (
        f'{HEAD}member_key = "{KEY[:-1]}"\n',
        ":4: profile lab: member_key: a private key is 64 hexadecimal characters; this one has 63 characters",
    ),
    "long key": (
        f'{HEAD}colony_key = "{LONG}"\n',
        ":4: profile lab: colony_key: a private key is 64 hexadecimal characters; this one has 66 characters",
    ),
    "key with a wrong letter": (
        f'{HEAD}member_key = "{UNHEX}"\n',
        ":4: profile lab: member_key: a private key is 64 hexadecimal characters; this one has 64 characters",
    ),
    "key out of range": (
        f'{HEAD}member_key = "{"0" * 64}"\n',
        ":4: profile lab: member_key: the number is outside the range of secp256k1 private keys",
    ),
    "key is no text": (f"{HEAD}server_key = 5\n", ":4: profile lab: server_key is a number; it should be a text"),
    "key is a date": (
        f"{HEAD}server_key = 2026-01-01\n",
        ":4: profile lab: server_key is a date or time; it should be a text",
    ),
    "empty key": (f'{HEAD}member_key = ""\n', ":4: profile lab: member_key is empty; leave the line out instead"),
    "empty file": (
        f'{HEAD}member_key_file = ""\n',
        ":4: profile lab: member_key_file is empty; leave the line out instead",
    ),
    "unknown home": (
        f'{HEAD}member_key_file = "~nobody-of-this-name/key"\n',
        ":4: profile lab: member_key_file: there is no such home directory",
    ),
    "two sources": (
        f'{HEAD}member_key = "{KEY}"\nmember_key_env = "X"\n',
        ":5: profile lab: member_key and member_key_env are both given; keep one of them",
    ),
    "command as a text": (
        f'{HEAD}member_key_command = "pass show x"\n',
        ':4: profile lab: member_key_command is a list of texts, such as ["pass", "show", "colonies/lab"]',
    ),
    "empty command": (
        f"{HEAD}member_key_command = []\n",
        ':4: profile lab: member_key_command is a list of texts, such as ["pass", "show", "colonies/lab"]',
    ),
    "production as a text": (
        f'{HEAD}production = "yes"\n',
        ":4: profile lab: production is a text; it should be true or false",
    ),
    "fault after a value over several lines": (
        f'{HEAD}member_key_command = [\n  "pass",\n  "show",\n]\nread_only = 1\n',
        ":8: profile lab: read_only is a number; it should be true or false",
    ),
    "dotted": (
        'profiles.lab.url = "http://h"\nprofiles.lab.colony = 5\n',
        ":2: profile lab: colony is a number; it should be a text",
    ),
}


@pytest.mark.parametrize(("text", "words"), WRONG.values(), ids=WRONG.keys())
def test_what_is_wrong_is_said_with_its_line_and_without_a_key(write_keys: WriteKeys, text: str, words: str) -> None:
    said = fault(write_keys(text))
    assert said == words
    for secret in (KEY, KEY[:16], KEY[16:32], LONG, UNHEX, "secret"):
        assert secret not in said


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        (f'member_key_env = "{KEY}"', "the environment variable (64 characters, not shown) is not set"),
        (f'member_key_command = ["{KEY}"]', "command (64 characters, not shown): there is no such command"),
        ('member_key_command = ["sh", "-c", "exit 3"]', "command sh: ended with exit code 3"),
        (
            f'member_key_command = ["echo", "{UNHEX}"]',
            "command echo: a private key is 64 hexadecimal characters; this one has 64 characters",
        ),
        ('member_key_command = ["true"]', "command true: there is no key: only empty lines or comments"),
        ('member_key_command = ["/"]', "command /: cannot be run: permission denied"),
        (
            'member_key_env = "BAD"',
            "the environment variable BAD: a private key is 64 hexadecimal characters; this one has 66 characters",
        ),
    ],
)
def test_a_key_that_cannot_be_fetched_is_said_with_the_line_of_its_setting(
    write_keys: WriteKeys, setting: str, words: str
) -> None:
    path = write_keys(f"{HEAD}{setting}\n")
    with pytest.raises(ConfigError) as caught:
        load_profiles(path).entry().resolve({**os.environ, "BAD": LONG})
    assert str(caught.value) == f"{path}:4: profile lab: member key: {words}"
    assert KEY[:16] not in str(caught.value)


@pytest.mark.parametrize(
    ("content", "mode", "words"),
    [
        (KEY, 0o644, "others on this machine can use it (mode 0644), and it is for keys; run: chmod 600 {path}"),
        (KEY[:-2], 0o600, "a private key is 64 hexadecimal characters; this one has 62 characters"),
        ("# nothing\n", 0o600, "there is no key: only empty lines or comments"),
        (None, 0, "cannot be read: no such file or directory"),
    ],
)
def test_a_key_file_that_cannot_be_used(
    write_keys: WriteKeys, tmp_path: Path, content: str | None, mode: int, words: str
) -> None:
    key_file = tmp_path / "member.key"
    if content is not None:
        key_file.write_text(content)
        key_file.chmod(mode)
    path = write_keys(f'{HEAD}member_key_file = "{key_file}"\n')
    with pytest.raises(ConfigError) as caught:
        load_profiles(path).entry().resolve({})
    assert str(caught.value) == f"{path}:4: profile lab: member key: {key_file}: {words.format(path=key_file)}"


def test_a_command_gives_the_first_line_it_prints(write_keys: WriteKeys) -> None:
    path = write_keys(f"{HEAD}member_key_command = ['sh', '-c', 'echo {KEY}; echo more']\n")
    member = load_profiles(path).entry().resolve(os.environ).keys.member
    assert member is not None
    assert member.identity == IDENTITY


def test_asking_for_a_profile_that_is_not_there(write_keys: WriteKeys) -> None:
    profiles = load_profiles(write_keys(f'{HEAD}\n[profiles.prod]\nurl = "http://h"\ncolony = "c"\n'))
    with pytest.raises(ConfigError, match=r'there is no profile "pord"; did you mean "prod"\?'):
        profiles.entry("pord")
    with pytest.raises(ConfigError, match='there is no profile "x"; there are: lab, prod'):
        profiles.entry("x")
    with pytest.raises(
        ConfigError, match=r'which profile\? add default = "…" at the top, or --profile with one of: lab, prod'
    ):
        profiles.entry()


def test_an_empty_file_has_no_profile(write_keys: WriteKeys) -> None:
    with pytest.raises(ConfigError, match="there is no profile in it"):
        load_profiles(write_keys("")).entry()


def test_the_example_is_a_valid_file(write_keys: WriteKeys) -> None:
    example = Path(__file__).parents[2] / "keys.example.toml"
    profiles = load_profiles(write_keys(example.read_text(encoding="utf-8")))
    assert profiles.default == "lab"
    assert profiles.entry("production").production
    assert set(profiles.entry("lab").sources) == {KeySlot.MEMBER, KeySlot.COLONY}


def authority(directory: Path) -> Path:
    path = directory / "ca.pem"
    trustme.CA().cert_pem.write_to_path(str(path))
    return path


def test_who_is_believed_to_be_the_server(write_keys: WriteKeys, tmp_path: Path) -> None:
    path = authority(tmp_path)
    text = '[profiles.lab]\nurl = "https://colonies.example"\ncolony = "dev"\n'
    assert load_profiles(write_keys(text)).entry("lab").address == ServerAddress("colonies.example", 443, tls=True)
    own = load_profiles(write_keys(text + 'ca_file = "ca.pem"\n')).entry("lab").address
    assert (own.ca_file, own.insecure) == (str(path), False)
    anybody = load_profiles(write_keys(text + "insecure = true\n")).entry("lab").address
    assert (anybody.ca_file, anybody.insecure) == ("", True)


@pytest.mark.parametrize(
    ("scheme", "settings", "words"),
    [
        ("https", 'ca_file = "gone.pem"', "gone.pem cannot be read: no such file"),
        ("https", 'ca_file = "keys.toml"', "keys.toml holds no certificates"),
        ("https", 'ca_file = "ca.pem"\ninsecure = true', "insecure and ca_file are both given"),
        ("http", "insecure = true", "insecure is about TLS, and url begins with http://"),
        ("http", 'ca_file = "ca.pem"', "ca_file is about TLS, and url begins with http://"),
        ("https", 'insecure = "yes"', "insecure is a text; it should be"),
    ],
)
def test_trust_that_cannot_be_is_refused_with_its_line(
    write_keys: WriteKeys, tmp_path: Path, scheme: str, settings: str, words: str
) -> None:
    authority(tmp_path)
    text = f'[profiles.lab]\nurl = "{scheme}://colonies.example"\ncolony = "dev"\n{settings}\n'
    with pytest.raises(ConfigError, match=re.escape(words)) as caught:
        load_profiles(write_keys(text))
    assert re.search(r"keys\.toml:[45]: ", str(caught.value))
