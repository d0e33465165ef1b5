"""The settings: the one place that reads the environment and the file `.env`, and turns their words into values."""

import re
from collections.abc import Collection, Mapping
from datetime import tzinfo
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, create_model
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, InitSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

from bot import HOME_PAGE, __version__, setting_words
from bot.errors import ConfigurationError
from bot.feed_list import CHANNEL, CHANNEL_HINT, read_feed_list, read_words
from bot.models import FeedSource
from bot.post_template import Template, read_template
from bot.setting_words import Network, read_by
from bot.webhooks import derived_secret, is_secret, read_listen, webhook_problems

DEFAULT_LISTEN = ("127.0.0.1", 8080)
_PASSWORD_IN_URL = re.compile(r"(?<=://)[^/@\s]*@")
_SECRET = frozenset({"telegram_bot_token", "telegram_webhook_secret", "llm_api_key"})
_MISSING = {
    "telegram_bot_token": "is missing: @BotFather gives you one, it looks like 123456789:AbC…",
    "telegram_channel": f"is missing: where shall the articles go? {CHANNEL_HINT}",
    "feeds": "is missing: the addresses of the feeds or sites, separated by blanks or newlines",
}


def _chat(words: str) -> str:
    name = re.sub(r"^(https?://)?t\.me/", "@", words)
    if not CHANNEL.fullmatch(name):
        raise ValueError(CHANNEL_HINT)
    return name


def _feeds(words: str) -> tuple[FeedSource, ...]:
    feeds, problems = read_feed_list(words, read_file=lambda name: Path(name).read_bytes())
    if problems:
        raise ValueError("\n".join(problems))
    return feeds


def _listen(words: str) -> tuple[str, int]:
    place = read_listen(words)
    if place is None:
        raise ValueError("write host:port, such as 127.0.0.1:8080")
    return place


def _webhook_secret(words: str) -> str:
    if not is_secret(words):
        raise ValueError("write 16 to 256 letters, digits, _ or -; unset, the bot makes one itself")
    return words


class Settings(BaseModel):
    """Every setting, checked; README's table says what each means. A field's description says what a right value is."""

    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True, extra="forbid", hide_input_in_errors=True)

    telegram_bot_token: Annotated[SecretStr | None, read_by(setting_words.token)] = None
    telegram_channel: Annotated[str | None, read_by(_chat)] = None
    feeds: Annotated[tuple[FeedSource, ...], read_by(_feeds)] = ()
    admin_ids: Annotated[tuple[int, ...], read_by(setting_words.user_ids)] = ()
    database_url: Annotated[str, read_by(setting_words.database), Field(repr=False)] = "sqlite:///data/tidings.db"
    poll_interval: int = Field(default=300, ge=1, le=604_800, description="whole seconds, from 1 to 604800 (a week)")
    poll_concurrency: int = Field(default=20, ge=1, le=500, description="a whole number from 1 to 500")
    backfill: int = Field(default=0, ge=0, le=1000, description="a whole number from 0 to 1000")
    images: Annotated[
        Literal["photo", "preview", "off"],
        read_by(str.lower),
    ] = Field(default="photo", description="photo, preview or off")
    include: Annotated[tuple[str, ...], read_by(read_words)] = ()
    exclude: Annotated[tuple[str, ...], read_by(read_words)] = ()
    summary_length: int = Field(default=350, ge=40, le=3000, description="a whole number of characters from 40 to 3000")
    summariser: Literal["extractive", "llm"] = Field(default="extractive", description="extractive or llm")
    llm_api_url: Annotated[str | None, read_by(setting_words.web_address), Field(repr=False)] = None
    llm_api_key: Annotated[SecretStr | None, read_by(setting_words.key)] = None
    llm_model: Annotated[str | None, read_by(setting_words.one_line)] = None
    summary_language: Annotated[str | None, read_by(setting_words.language)] = None
    llm_daily_budget: int = Field(default=500, ge=1, le=1_000_000, description="calls a day, from 1 to 1000000")
    llm_timeout: float = Field(default=15, ge=1, le=60, description="seconds, from 1 to 60")
    post_template: Annotated[Template | None, read_by(read_template)] = None
    global_rate: float = Field(default=30, gt=0, le=1e6, description="messages a second, more than 0")
    chat_rate: float = Field(default=20, gt=0, le=1e6, description="messages a minute, more than 0")
    private_rate: float = Field(default=1, gt=0, le=1e6, description="messages a second, more than 0")
    doubtful: Literal["repeat", "skip"] | None = Field(default=None, description="repeat or skip")
    doubt_wait: float = Field(default=60, ge=0, le=86_400, description="seconds, from 0 to 86400 (a day)")
    edit_window: Annotated[int, read_by(setting_words.duration)] = Field(default=172_800, ge=0, le=31_536_000)
    story_merge: bool = Field(default=True, description="on or off")
    story_window: Annotated[int, read_by(setting_words.duration)] = Field(default=129_600, ge=60, le=2_592_000)
    burst_fold: int = Field(default=0, ge=0, le=10_000, description="a whole number from 0 (off) to 10000")
    paid_broadcast: bool = Field(default=False, description="yes or no")
    catch_up: Annotated[int | None, read_by(setting_words.duration)] = Field(default=None, ge=60, le=31_536_000)
    subscription_limit: int = Field(default=20, ge=1, le=1000, description="a whole number from 1 to 1000")
    log_chat_id: Annotated[str | None, read_by(_chat)] = None
    language: Annotated[str, read_by(setting_words.language)] = "en"
    timezone: Annotated[tzinfo, read_by(setting_words.time_zone)] = ZoneInfo("UTC")
    telegram_api_url: Annotated[str, read_by(setting_words.web_address)] = "https://api.telegram.org"
    allowed_networks: Annotated[tuple[Network, ...], read_by(setting_words.networks)] = ()
    log_level: Annotated[
        Literal["DEBUG", "INFO", "WARNING", "ERROR"],
        read_by(str.upper),
    ] = Field(default="INFO", description="DEBUG, INFO, WARNING or ERROR")
    http_user_agent: Annotated[str, read_by(setting_words.one_line)] = f"Tidings/{__version__} (+{HOME_PAGE})"
    http_proxy_url: Annotated[str | None, read_by(setting_words.web_address), Field(repr=False)] = None
    webhook_url: Annotated[str | None, read_by(setting_words.web_address)] = None
    webhook_listen: Annotated[tuple[str, int] | None, read_by(_listen)] = None
    telegram_mode: Literal["polling", "webhook"] = Field(default="polling", description="polling or webhook")
    telegram_webhook_secret: Annotated[SecretStr | None, read_by(_webhook_secret)] = None

    @property
    def alert_chat(self) -> str | None:
        """Where alerts go: LOG_CHAT_ID, else the first of ADMIN_IDS, else nowhere."""
        return self.log_chat_id or (str(self.admin_ids[0]) if self.admin_ids else None)

    @property
    def channels(self) -> tuple[str, ...]:
        """Every channel that something is posted to, by the name it has here, each once."""
        named = (self.telegram_channel, *(feed.options.channel for feed in self.feeds))
        return tuple(dict.fromkeys(channel for channel in named if channel))

    @property
    def listen(self) -> tuple[str, int] | None:
        """Where the web server listens: WEBHOOK_LISTEN, else 127.0.0.1:8080 where WEBHOOK_URL is set, else nowhere."""
        return self.webhook_listen or (DEFAULT_LISTEN if self.webhook_url else None)

    @property
    def webhook_secret(self) -> str:
        """What Telegram shows with each update: TELEGRAM_WEBHOOK_SECRET, else derived from the token."""
        if self.telegram_webhook_secret is not None:
            return self.telegram_webhook_secret.get_secret_value()
        return derived_secret(self.telegram_bot_token.get_secret_value()) if self.telegram_bot_token else ""


class _EnvironmentBase(BaseSettings):
    model_config = SettingsConfigDict(env_file=".env", env_file_encoding="utf-8", env_ignore_empty=True, extra="ignore")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment, then the file; but a desktop sets LANGUAGE=de_DE:de for its own programs, not for us."""
        del settings_cls, init_settings, file_secret_settings
        environment = env_settings()
        if re.search("[_:]", environment.get("language", "")):
            del environment["language"]
        return InitSettingsSource(cls, environment), dotenv_settings


_Environment = create_model(
    "_Environment",
    __base__=_EnvironmentBase,
    **dict.fromkeys(Settings.model_fields, (str | None, None)),  # type: ignore[call-overload]
)


def load_settings(*, need: Collection[str] = ()) -> Settings:
    """Return the settings of the environment and, where that is silent, of the file `.env` in the working folder.

    Args:
        need: names (as in `Settings`) that must be set.

    Raises:
        ConfigurationError: naming every wrong and every missing setting.
    """
    return parse_settings(_Environment().model_dump(exclude_none=True), need=need)


def parse_settings(values: Mapping[str, str], *, need: Collection[str] = ()) -> Settings:
    """Return the settings that words such as `{'poll_interval': '60'}` say; an empty word counts as unset.

    Raises:
        ConfigurationError: naming every wrong and every missing setting.
    """
    words = {name: value.strip() for name, value in values.items() if value.strip()}
    problems = [f"{name.upper()} {_MISSING.get(name, 'is missing')}" for name in need if name not in words]
    try:
        settings = Settings.model_validate(words)
    except ValidationError as error:
        problems += [line for details in error.errors() for line in _in_words(details, words)]
        raise ConfigurationError(problems) from None
    if "feeds" in need and "feeds" in words and not settings.feeds:
        problems.append(f"FEEDS {_MISSING['feeds']}")
    problems += webhook_problems(settings.telegram_mode, settings.webhook_url, settings.telegram_api_url)
    problems += _summariser_problems(settings)
    if problems:
        raise ConfigurationError(problems)
    return settings


def _summariser_problems(settings: Settings) -> list[str]:
    if settings.summariser == "llm":
        address = "" if settings.llm_api_url else "where the model is, such as http://127.0.0.1:11434/v1"
        model = "" if settings.llm_model else "the model's name there"
        missing = {"LLM_API_URL": address, "LLM_MODEL": model}
        return [f"{name} is missing: SUMMARISER=llm needs {what}" for name, what in missing.items() if what]
    if settings.summary_language:
        return ["SUMMARY_LANGUAGE: translating takes a language model; set SUMMARISER=llm, or leave it empty"]
    return []


def _in_words(details: ErrorDetails, words: Mapping[str, str]) -> list[str]:
    name = str(details["loc"][0])
    if name == "feeds":
        return [f"FEEDS: {line}" for line in _reason(details).splitlines()]
    shown = "" if name in _SECRET else f" '{_PASSWORD_IN_URL.sub('***@', words[name])}' is not right:"
    return [f"{name.upper()}:{shown} {_reason(details)}"]


def _reason(details: ErrorDetails) -> str:
    context: Mapping[str, Any] = details.get("ctx", {})
    if isinstance(context.get("error"), ValueError):
        return str(context["error"])
    hint = Settings.model_fields[str(details["loc"][0])].description
    return f"it must be {hint}" if hint else details["msg"]
