"""The command line: `tidings run | demo | check | preview`. Each loads only what it needs."""

import argparse
import asyncio
import logging
import os
import sys
from collections.abc import Sequence

from bot import __version__
from bot.config import Settings, load_settings
from bot.errors import ConfigurationError, TidingsError
from bot.feed_list import read_words
from bot.log import redact, set_up_logging

FINE, FAILED, MISUSED = 0, 1, 2
MOST_PREVIEWED = 50

logger = logging.getLogger(__name__)


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry out a command line (the program's own unless given); return 0 if fine, 1 if failed, 2 if misused."""
    chosen = _parser().parse_args(arguments)
    try:
        return int(chosen.carry_out(chosen))
    except ConfigurationError as error:
        return _complain(MISUSED, "These settings are not right (see .env.example):", error.problems)
    except TidingsError as error:
        return _complain(FAILED, f"{chosen.command} failed:", [str(error)])
    except KeyboardInterrupt:
        return FAILED
    except BrokenPipeError:
        return _unread()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="tidings", description="A Telegram channel bot that republishes articles.")
    parser.add_argument("--version", action="version", version=f"tidings {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")
    adder = commands.add_parser("run", help="the bot: polls, posts, answers")
    adder.set_defaults(carry_out=_run)
    adder = commands.add_parser("demo", help="the whole way in the terminal, without token and network")
    adder.set_defaults(carry_out=_demo)
    adder = commands.add_parser("check", help="try the settings out for real")
    adder.set_defaults(carry_out=_check)
    adder = commands.add_parser("preview", help="show the posts that a feed, a site or an article would make")
    adder.add_argument("url", metavar="URL", type=_address, help="of a feed, a site or an article")
    adder.add_argument("--json", action="store_true", help="as JSON, for programs")
    adder.add_argument("-n", dest="count", metavar="N", type=_count, default=5, help="how many posts (default: 5)")
    adder.add_argument("--include", type=read_words, metavar="WORDS", help="mark what INCLUDE=WORDS would remove")
    adder.add_argument("--exclude", type=read_words, metavar="WORDS", help="mark what EXCLUDE=WORDS would remove")
    adder.set_defaults(carry_out=_preview)
    return parser


def _address(word: str) -> str:
    if not word.lower().startswith(("http://", "https://")):
        raise argparse.ArgumentTypeError(f"'{word}' is no http:// or https:// address")
    return word


def _count(word: str) -> int:
    if not (word.isascii() and word.isdecimal() and 1 <= int(word[:9]) <= MOST_PREVIEWED):
        raise argparse.ArgumentTypeError(f"a whole number from 1 to {MOST_PREVIEWED}")
    return int(word)


def _run(_chosen: argparse.Namespace) -> int:
    from bot.app import run

    settings = load_settings(need=("telegram_bot_token", "telegram_channel", "feeds"))
    set_up_logging(settings.log_level, secrets=_secrets(settings))
    try:
        return run(settings)
    except TidingsError:
        raise
    except Exception:  # the last bulkhead: a traceback goes through the log, where secrets are taken out
        logger.exception("crashed")
        return FAILED


def _demo(_chosen: argparse.Namespace) -> int:
    from bot.demo.run import run_demo

    set_up_logging("WARNING")
    return run_demo(Settings(), sys.stdin, _say)


def _check(_chosen: argparse.Namespace) -> int:
    settings = load_settings(need=("telegram_bot_token", "telegram_channel"))
    set_up_logging("ERROR", secrets=_secrets(settings))
    return asyncio.run(_print_findings(settings))


async def _print_findings(settings: Settings) -> int:
    from bot.check import findings

    all_fine = True
    async for finding in findings(settings):
        print(redact(str(finding), secrets=_secrets(settings)), flush=True)
        all_fine = all_fine and finding.fine
    return FINE if all_fine else FAILED


def _preview(chosen: argparse.Namespace) -> int:
    from rich.console import Console

    from bot.preview import as_json, as_panels, preview

    settings = load_settings()
    words = {name: getattr(chosen, name) for name in ("include", "exclude") if getattr(chosen, name) is not None}
    settings = settings.model_copy(update=words)
    set_up_logging("ERROR")
    previewed = asyncio.run(preview(settings, chosen.url, chosen.count))
    if chosen.json:
        print(as_json(previewed, settings))
    else:
        Console().print(as_panels(previewed))
    return FINE


def _say(text: str) -> None:
    """Print; when nobody reads any more, the program ends, since a messenger that fails would only be tried again."""
    try:
        print(text, flush=True)
    except BrokenPipeError:
        raise SystemExit(_unread()) from None


def _unread() -> int:
    """The reader of our output has gone, as `head` does: what is left to write goes nowhere, and all is fine."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return FINE


def _secrets(settings: Settings) -> tuple[str, ...]:
    secrets = (settings.telegram_bot_token, settings.llm_api_key)
    return (*(secret.get_secret_value() for secret in secrets if secret), *filter(None, [settings.webhook_secret]))


def _complain(code: int, head: str, problems: Sequence[str]) -> int:
    print(f"tidings: {head}", *(f"  {redact(problem)}" for problem in problems), sep="\n", file=sys.stderr)
    return code
