"""What the settings of the web server mean together (pure): where it listens, what others call, and the secret."""

import hashlib
import hmac
import re
from urllib.parse import urlsplit

TELEGRAM_PORTS = (443, 80, 88, 8443)
OFFICIAL_API = "https://api.telegram.org"

_SECRET = re.compile(r"[\w-]{16,256}", re.ASCII)
_LISTEN = re.compile(r"(?P<host>[\w.-]+|\[[0-9a-fA-F:.]+\]):(?P<port>\d{1,5})", re.ASCII)
_HIGHEST_PORT = 65_535


def read_listen(text: str) -> tuple[str, int] | None:
    """Host and port of words such as `127.0.0.1:8080` or `[::1]:8080`; None where they are no such words."""
    match = _LISTEN.fullmatch(text)
    if match is None or not 0 < int(match["port"]) <= _HIGHEST_PORT:
        return None
    return match["host"].strip("[]"), int(match["port"])


def is_secret(text: str) -> bool:
    """Whether Telegram takes the text as a webhook's secret (A–Z, a–z, 0–9, _ and -), and nobody guesses it soon."""
    return _SECRET.fullmatch(text) is not None


def derived_secret(token: str) -> str:
    """A secret that stays the same across restarts, and from which nobody learns the token."""
    return hmac.new(token.encode(), b"tidings telegram webhook", hashlib.sha256).hexdigest()


def webhook_problems(mode: str, url: str | None, api_url: str) -> list[str]:
    """What is wrong with the settings together, a line each, in words an admin understands."""
    problems = []
    parts = urlsplit(url or "")
    if parts.query or parts.fragment or parts.username is not None:
        problems.append("WEBHOOK_URL: it must be a plain address, without a user name, '?' or '#'")
    if mode != "webhook":
        return problems
    if url is None:
        return ["WEBHOOK_URL is missing: TELEGRAM_MODE=webhook needs the address at which Telegram reaches this bot"]
    if api_url == OFFICIAL_API and parts.scheme != "https":
        problems.append("WEBHOOK_URL: Telegram calls https:// addresses only; put a proxy with a certificate in front")
    elif api_url == OFFICIAL_API and (parts.port or 443) not in TELEGRAM_PORTS:
        problems.append("WEBHOOK_URL: Telegram calls the ports 443, 80, 88 and 8443 only")
    return problems
