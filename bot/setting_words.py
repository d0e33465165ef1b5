"""The words of single settings turned into values; a reader raises ValueError that says what is right (pure)."""

import re
from collections.abc import Callable
from ipaddress import IPv4Network, IPv6Network, ip_network
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator

Network = IPv4Network | IPv6Network

_TOKEN = re.compile(r"\d+:[\w-]+")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_DURATION = re.compile(r"(\d{1,9})\s*([smhd]?)")
_SECONDS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86_400}
_DATABASES = ("sqlite:///", "postgresql://", "postgres://")


def read_by(reader: Callable[[str], object]) -> BeforeValidator:
    """Return a validator that reads words and leaves values as they are."""
    return BeforeValidator(lambda value: reader(value) if isinstance(value, str) else value)


def token(words: str) -> str:
    """A bot token, as @BotFather gives them."""
    if not _TOKEN.fullmatch(words):
        raise ValueError("this is no bot token; @BotFather's look like 123456789:AbC… (a number, a colon, letters)")
    return words


def user_ids(words: str) -> tuple[int, ...]:
    """Telegram user ids, separated by blanks or commas; each once."""
    found = words.replace(",", " ").split()
    wrong = [word for word in found if not (word.isascii() and word.isdecimal() and 0 < len(word.lstrip("0")) < 19)]  # noqa: PLR2004 - 64 bits
    if wrong:
        raise ValueError(f"'{wrong[0]}' is no user id; ids are numbers, @userinfobot tells you yours")
    return tuple(dict.fromkeys(int(word) for word in found))


def networks(words: str) -> tuple[Network, ...]:
    """Networks in CIDR form, separated by blanks or commas."""
    try:
        return tuple(ip_network(word) for word in words.replace(",", " ").split())
    except ValueError as error:
        raise ValueError(f"{error}; write networks such as 127.0.0.0/8 172.18.0.0/16") from error


def database(words: str) -> str:
    """The address of a database that the store can open."""
    if not (words.startswith(_DATABASES) and len(words.split("://", 1)[1]) > 1):
        raise ValueError("write sqlite:///folder/file.db or postgresql://user:password@host/name")
    return words


def web_address(words: str) -> str:
    """An http(s) address, without a slash at its end."""
    try:
        parts = urlsplit(words)
        fine = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        fine = False
    if not fine:
        raise ValueError("write an address that begins with http:// or https://")
    return words.rstrip("/")


def language(words: str) -> str:
    """A language code, 'en' or 'pt-BR'."""
    code = words.partition(".")[0].replace("_", "-")
    primary, dash, region = code.partition("-")
    code = primary.lower() + dash + region
    if not _LANGUAGE.fullmatch(code):
        raise ValueError("write a language code such as en or ar")
    return code


def time_zone(words: str) -> ZoneInfo:
    """A time zone by its name."""
    try:
        return ZoneInfo(words)
    except (ValueError, OSError, KeyError) as error:
        raise ValueError("there is no such time zone; write one such as UTC, Europe/Madrid or Asia/Beirut") from error


def duration(words: str) -> int:
    """Seconds, or a number with its unit: 90m, 48h, 2d."""
    found = _DURATION.fullmatch(words.lower())
    if not found:
        raise ValueError("write seconds, or a number with s, m, h or d behind it, such as 48h")
    return int(found[1]) * _SECONDS[found[2]]


def one_line(words: str) -> str:
    """Text that can stand in a header."""
    if not words.isprintable():
        raise ValueError("must be one line without control characters")
    return words


def key(words: str) -> str:
    """A secret key that can stand in a header."""
    if not (words.isascii() and words.isprintable() and " " not in words):
        raise ValueError("a key is one word of letters, digits and signs")
    return words
