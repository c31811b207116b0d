"""What the environment says to a server (§ Environment, Server)."""

from __future__ import annotations

from pathlib import Path

import pytest

from colonies_tui.localserver.settings import ServerSettings, SettingsError
from colonies_tui.protocol.crypto import PrivateKey


def test_an_empty_environment_leaves_everything_as_it_is() -> None:
    settings = ServerSettings.from_environment({"COLONIES_RETENTION": " ", "COLONIES_PRVKEY": ""})
    assert settings == ServerSettings()
    assert settings.data_directory is None
    assert (settings.stale_executor_seconds, settings.cleanup_interval, settings.cron_period) == (600, 60, 1000)
    assert not settings.retention
    assert not settings.allow_reregister


def test_the_variables_of_a_real_server_are_read() -> None:
    key = PrivateKey.new()
    settings = ServerSettings.from_environment(
        {
            "COLONIES_ALLOW_EXECUTOR_REREGISTER": "true",
            "COLONIES_STALE_EXECUTOR_DURATION": "30",
            "COLONIES_CLEANUP_INTERVAL": "5",
            "COLONIES_CRON_CHECKER_PERIOD": "250",
            "COLONIES_GENERATOR_CHECKER_PERIOD": "350",
            "COLONIES_RETENTION": "True",
            "COLONIES_RETENTION_POLICY": "86400",
            "COLONIES_SERVER_PRVKEY": key.reveal(),
            "COLONIES_COLONY_NAME": "mine",
        }
    )
    assert settings.allow_reregister
    assert settings.retention
    assert (settings.stale_executor_seconds, settings.cleanup_interval) == (30, 5)
    assert (settings.cron_period, settings.generator_period, settings.retention_seconds) == (250, 350, 86400)
    assert settings.identities.server_key == key
    assert (settings.identities.colony_name, settings.identities.user_key) == ("mine", None)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("COLONIES_RETENTION", "perhaps"),
        ("COLONIES_STALE_EXECUTOR_DURATION", "0"),
        ("COLONIES_STALE_EXECUTOR_DURATION", "-5"),
        ("COLONIES_CLEANUP_INTERVAL", "soon"),
        ("COLONIES_COLONY_NAME", "a:b"),
        ("COLONIES_PRVKEY", "deadbeef"),
        ("COLONIES_SERVER_PRVKEY", "0" * 64),
    ],
)
def test_what_makes_no_sense_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        ServerSettings.from_environment({name: value})


def test_a_bad_key_is_never_repeated() -> None:
    almost = PrivateKey.new().reveal()[:-1] + "x"
    with pytest.raises(SettingsError) as caught:
        ServerSettings.from_environment({"COLONIES_COLONY_PRVKEY": almost})
    assert almost[:20] not in str(caught.value)


def test_the_data_directory() -> None:
    assert ServerSettings(data="/x/y").data_directory == Path("/x/y")
    assert ServerSettings(data=":memory:").data_directory is None
    assert ServerSettings(data="~/x").data_directory == Path.home() / "x"
