"""Logging, set up in one place: one `event: key=value` line an event to standard error, and never a secret in it."""

import logging
import re
import sys
from collections.abc import Iterable

_QUIET = {
    "aiosqlite": logging.WARNING,
    "apscheduler": logging.WARNING,
    "asyncio": logging.WARNING,
    "charset_normalizer": logging.WARNING,
    "courlan": logging.CRITICAL,  # it and its siblings report pages that are not to their taste as errors
    "htmldate": logging.CRITICAL,
    "httpcore": logging.WARNING,
    "httpx": logging.WARNING,  # its URLs hold the bot's token
    "telegram": logging.WARNING,
    "telegram.request.BaseRequest": logging.CRITICAL,  # an answer that is no JSON, whole: its error says enough
    "trafilatura": logging.CRITICAL,
}
_SECRETS = (
    (re.compile(r"\d+:[\w-]{30,}"), "***"),  # a bot token
    (re.compile(r"(://[^/\s:@]*):[^/\s@]+@"), r"\1:***@"),  # a password in a URL
    (re.compile(r"(?<!\w)(?:sk|pk|rk|gsk|xai)[-_][\w-]{16,}|AIza[\w-]{30,}"), "***"),  # keys of language model services
    (
        re.compile(r"(?i)((?:authorization|proxy-authorization)\W+(?:bearer|basic)\s+|bearer\s+)[\w.~+/=-]{8,}"),
        r"\1***",
    ),
    (
        re.compile(r"(?i)([?&](?:access_|auth_)?(?:api_?key|token|secret|password|passwd|sig|signature)=)[^&\s\"'<>]+"),
        r"\1***",
    ),
)


def redact(text: str, *, secrets: Iterable[str] = ()) -> str:
    """Return `text` without bot tokens, passwords in URLs, service keys, and without each of `secrets`."""
    for secret in secrets:
        text = text.replace(secret, "***")
    for pattern, replacement in _SECRETS:
        text = pattern.sub(replacement, text)
    return text


class LineFormatter(logging.Formatter):
    """Makes one line of an event; a traceback follows on lines of its own. Secrets are taken out last."""

    def __init__(self, *, secrets: Iterable[str] = ()) -> None:
        super().__init__("%(asctime)s %(levelname)s %(message)s", datefmt="%Y-%m-%dT%H:%M:%S%z")
        self._secrets = tuple(secret for secret in secrets if secret)

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the name is logging's
        """Keep what was written by strangers from breaking out of its line."""
        return "".join(
            character if character.isprintable() else repr(character)[1:-1]
            for character in super().formatMessage(record)
        )

    def format(self, record: logging.LogRecord) -> str:
        """Return the record's text without secrets, its traceback included."""
        return redact(super().format(record), secrets=self._secrets)


def set_up_logging(level: str, *, secrets: Iterable[str] = ()) -> None:
    """Send events of `level` and above to standard error; libraries speak only when something is wrong.

    Args:
        level: DEBUG, INFO, WARNING or ERROR.
        secrets: texts that must never be written, beyond what is recognised by its shape.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(LineFormatter(secrets=secrets))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name, floor in _QUIET.items():
        logging.getLogger(name).setLevel(max(floor, logging.getLevelNamesMapping()[level]))
