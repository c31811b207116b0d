"""What a server is started with, and the variables of a real server that make sense here (§ Environment, Server)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Self

from colonies_tui.localserver.database import IN_MEMORY
from colonies_tui.protocol.address import DEFAULT_PORT
from colonies_tui.protocol.crypto import PrivateKey
from colonies_tui.protocol.errors import BadKey


class SettingsError(ValueError):
    """A variable does not hold what it should; names the variable, and never repeats a key."""


@dataclass(frozen=True, slots=True)
class FirstIdentities:
    """Who exists after the first start; what is ``None`` gets a new key."""

    server_key: PrivateKey | None = None
    colony_name: str = "dev"
    colony_key: PrivateKey | None = None
    user_name: str = "operator"
    user_key: PrivateKey | None = None


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """Settings of one server."""

    host: str = "127.0.0.1"
    """Address to listen on."""

    port: int = DEFAULT_PORT
    """Port to listen on; 0 lets the system choose one."""

    data: str = IN_MEMORY
    """Directory of the database and the keys; ``:memory:`` keeps nothing."""

    real_quirks: bool = False
    """Whether to behave as a real server also where this one normally does better (§ Embedded server)."""

    allow_reregister: bool = False
    """Whether an executor may be registered again under a name that is taken."""

    stale_executor_seconds: float = 600
    """Seconds without an assign after which an executor is unregistered."""

    cleanup_interval: float = 60
    """Seconds between looks for stale executors and for rows past their retention."""

    cron_period: int = 1000
    """Milliseconds between checks of crons."""

    generator_period: int = 1000
    """Milliseconds between checks of generators."""

    retention: bool = False
    """Whether old rows are deleted."""

    retention_seconds: float = 7 * 24 * 3600
    """Age at which logs and successful processes are deleted, where retention is on."""

    identities: FirstIdentities = field(default_factory=FirstIdentities)
    """Who exists after the first start on a data directory."""

    @property
    def data_directory(self) -> Path | None:
        """The data directory; ``None`` where nothing is kept."""
        return None if self.data == IN_MEMORY else Path(self.data).expanduser()

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """Read the variables of a real server and of the official CLI; what is not set keeps its default.

        Raises:
            SettingsError: names the variable.
        """
        read = _Reader(environment)
        default = cls()
        first = FirstIdentities()
        return replace(
            default,
            allow_reregister=read.flag("COLONIES_ALLOW_EXECUTOR_REREGISTER", default.allow_reregister),
            stale_executor_seconds=read.number("COLONIES_STALE_EXECUTOR_DURATION", default.stale_executor_seconds),
            cleanup_interval=read.number("COLONIES_CLEANUP_INTERVAL", default.cleanup_interval),
            cron_period=int(read.number("COLONIES_CRON_CHECKER_PERIOD", default.cron_period)),
            generator_period=int(read.number("COLONIES_GENERATOR_CHECKER_PERIOD", default.generator_period)),
            retention=read.flag("COLONIES_RETENTION", default.retention),
            retention_seconds=read.number("COLONIES_RETENTION_POLICY", default.retention_seconds),
            identities=FirstIdentities(
                server_key=read.key("COLONIES_SERVER_PRVKEY"),
                colony_name=read.name("COLONIES_COLONY_NAME", first.colony_name),
                colony_key=read.key("COLONIES_COLONY_PRVKEY"),
                user_name=first.user_name,
                user_key=read.key("COLONIES_PRVKEY"),
            ),
        )


class _Reader:
    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment

    def flag(self, name: str, default: bool) -> bool:
        text = self._environment.get(name, "").strip().lower()
        if text in ("true", "1"):
            return True
        if text in ("false", "0"):
            return False
        if text:
            raise SettingsError(f"{name} is true or false, not {text!r}")
        return default

    def number(self, name: str, default: float) -> float:
        text = self._environment.get(name, "").strip()
        if not text:
            return default
        if not text.isdecimal() or int(text) < 1:
            raise SettingsError(f"{name} is a whole number above 0, not {text!r}")
        return int(text)

    def name(self, name: str, default: str) -> str:
        text = self._environment.get(name, "").strip()
        if ":" in text:
            raise SettingsError(f"{name} must not hold a colon")
        return text or default

    def key(self, name: str) -> PrivateKey | None:
        text = self._environment.get(name, "").strip()
        if not text:
            return None
        try:
            return PrivateKey(text)
        except BadKey as error:
            raise SettingsError(f"{name}: {error}") from None
