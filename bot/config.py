"""Settings from the environment. Every problem is said at once, by variable name, never by value."""

import os
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from knowledge.shelf import Shelf

PREFIX = "BOT_"
SECRETS = frozenset({"telegram_token", "webhook_secret", "database_url", "smtp_url"})
"""Each of these is also read from the file that `BOT_<NAME>_FILE` names."""


class SettingsError(Exception):
    """The settings are not usable; `problems` are lines of « BOT_X: what is wrong »."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class Settings(BaseSettings):
    """The program's settings; the README's reference says what each does."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, hide_input_in_errors=True, extra="ignore", frozen=True
    )

    telegram_token: SecretStr | None = None
    telegram_api_url: str | None = None
    telegram_mode: Literal["polling", "webhook"] = "polling"
    telegram_notices: Literal["short", "full"] = "short"
    telegram_pacing: bool = True
    broadcast_rate: int = Field(5, ge=1, le=20)
    public_url: str | None = None
    webhook_secret: SecretStr | None = None
    database_url: SecretStr = SecretStr("")
    data_dir: Path = Path("data")
    cache_dir: Path | None = None
    web_host: str = "127.0.0.1"
    web_port: int = Field(8080, ge=0, le=65535)
    ops_host: str = "127.0.0.1"
    ops_port: int = Field(9090, ge=0, le=65535)
    trusted_proxies: str = ""
    smtp_url: SecretStr | None = None
    mail_from: str | None = None
    controller: str | None = None
    knowledge_dir: Path | None = None
    timezone: str = "Europe/Paris"
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["text", "json"] = "text"
    keep_conversation_days: int = Field(30, ge=1, le=3650)
    keep_ticket_days: int = Field(183, ge=1, le=3650)
    keep_question_days: int = Field(365, ge=1, le=3650)
    keep_backup_days: int = Field(90, ge=1, le=3650)
    assume_solved_days: int = Field(7, ge=1, le=365)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, SecretFiles(settings_cls)

    @field_validator("*", mode="before")
    @classmethod
    def _empty_is_absent(cls, value: Any, info: Any) -> Any:
        """`BOT_X=` in a unit file means « not set »."""
        if value == "" and info.field_name is not None:
            return cls.model_fields[info.field_name].get_default()
        return value

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)  # to list all that there are would take a walk through the files of each
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError("no such time zone; for example Europe/Paris") from None
        return name

    @field_validator("trusted_proxies")
    @classmethod
    def _networks(cls, value: str) -> str:
        try:
            _parse_networks(value)
        except ValueError:
            raise ValueError("addresses or networks separated by commas; for example 10.0.0.0/8") from None
        return value

    @field_validator("public_url", "telegram_api_url")
    @classmethod
    def _web_address(cls, value: str | None) -> str | None:
        if value is not None and not value.startswith(("http://", "https://")):
            raise ValueError("must begin with https:// (or http://)")
        return value.rstrip("/") if value else value

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: SecretStr) -> SecretStr:
        known = ("sqlite:///", "sqlite+aiosqlite:///", "postgresql+asyncpg://", "")
        if (
            not any(value.get_secret_value().startswith(prefix) for prefix in known[:3])
            and value.get_secret_value()
        ):
            raise ValueError("must begin with sqlite:/// or postgresql+asyncpg://")
        return value

    @field_validator("knowledge_dir")
    @classmethod
    def _a_folder(cls, value: Path | None) -> Path | None:
        if value is not None and not value.is_dir():
            raise ValueError("no such folder")
        return value

    @field_validator("telegram_token")
    @classmethod
    def _token_shape(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            number, _, rest = value.get_secret_value().partition(":")
            if not number.isdigit() or len(rest) < 10:
                raise ValueError("does not look like a token of BotFather's (digits:letters)")
        return value

    @model_validator(mode="after")
    def _together(self) -> Self:
        problems = []
        if self.telegram_token is not None and self.telegram_mode == "webhook":
            if self.public_url is None:
                problems.append("BOT_PUBLIC_URL: needed with BOT_TELEGRAM_MODE=webhook")
            if self.webhook_secret is None:
                problems.append("BOT_WEBHOOK_SECRET: needed with BOT_TELEGRAM_MODE=webhook")
        if self.smtp_url is not None and self.mail_from is None:
            problems.append("BOT_MAIL_FROM: needed with BOT_SMTP_URL")
        if problems:
            raise ValueError("\n".join(problems))
        return self

    @property
    def database(self) -> str:
        """The database's URL; SQLite in the data folder by default."""
        return self.database_url.get_secret_value() or f"sqlite:///{self.data_dir / 'souffleur.db'}"

    @property
    def shelf(self) -> Shelf:
        """Where what was learnt from the content is kept; beside the data by default."""
        return Shelf(self.cache_dir or self.data_dir / "cache")

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def proxies(self) -> tuple[IPv4Network | IPv6Network, ...]:
        return _parse_networks(self.trusted_proxies)

    @property
    def url(self) -> str:
        """Where people reach us, without a slash at the end."""
        return self.public_url or f"http://{_shown_host(self.web_host)}:{self.web_port}"


class SecretFiles(PydanticBaseSettingsSource):
    """Reads `BOT_X_FILE` for each secret `BOT_X`, as containers and systemd hand secrets out."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        path = os.environ.get(f"{PREFIX}{field_name.upper()}_FILE") if field_name in SECRETS else None
        if not path:
            return None, field_name, False
        try:
            return Path(path).read_text(encoding="utf-8").strip(), field_name, False
        except (OSError, UnicodeDecodeError):
            raise SettingsError([f"{PREFIX}{field_name.upper()}_FILE: the file cannot be read"]) from None

    def __call__(self) -> dict[str, Any]:
        found = {
            name: self.get_field_value(field, name)[0]
            for name, field in self.settings_cls.model_fields.items()
        }
        return {name: value for name, value in found.items() if value is not None}


def load_settings(**values: Any) -> Settings:
    """Settings from the environment (and `values`, for tests); raises SettingsError with every problem."""
    try:
        return Settings(**values)
    except ValidationError as error:
        raise SettingsError([line for problem in error.errors() for line in _lines(problem)]) from None


def _lines(problem: Any) -> list[str]:
    message = str(problem["msg"]).removeprefix("Value error, ")
    if not problem["loc"]:
        return message.splitlines()
    return [f"{PREFIX}{str(problem['loc'][0]).upper()}: {message}"]


def _parse_networks(value: str) -> tuple[IPv4Network | IPv6Network, ...]:
    return tuple(ip_network(part.strip()) for part in value.split(",") if part.strip())


def _shown_host(host: str) -> str:
    if host in ("0.0.0.0", "::", ""):  # noqa: S104  # compared with, not listened on
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host
