"""The language of FEEDS: addresses and OPML files separated by blanks or newlines, each followed by its options."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from bot.models import FeedOptions, FeedSource
from bot.opml import read_opml

CHANNEL = re.compile(r"@[A-Za-z]\w{3,31}|-?[1-9]\d*")
CHANNEL_HINT = "a channel is @name or a number such as -1001234567890"
OPTION_NAMES = "channel, tag, interval, backfill, images, include, exclude"

_WORD = re.compile(r'(?:[^\s"]+|"[^"]*"|")+')  # blanks inside of quotes belong to the word
_OPTION = re.compile(r"([A-Za-z_]+)=(.*)", re.DOTALL)
_HOST_LIKE = re.compile(r"[\w-]+(\.[\w-]+)+([:/].*)?", re.DOTALL)
_IMAGES = {"photo": "photo", "preview": "preview"}
_SAYS = {"yes": "yes", "true": "yes", "on": "yes", "1": "yes", "no": "no", "false": "no", "off": "no", "0": "no"}


ReadFile = Callable[[str], bytes]


def _no_files(name: str) -> bytes:
    raise OSError(f"no file can be named here, and {name} ends like one")


@dataclass(slots=True)
class _Reading:
    """The list as far as it has been read.

    Attributes:
        named: the addresses of `feeds`, as `_same_address` compares them.
        current: the word that options are for now, and `first`, where its feeds begin: a file brings several.
    """

    read_file: ReadFile
    feeds: list[FeedSource] = field(default_factory=list)
    named: set[tuple[str, str, str, str]] = field(default_factory=set)
    problems: list[str] = field(default_factory=list)
    current: str = ""
    first: int = 0
    current_is_wrong: bool = False


def read_feed_list(text: str, read_file: ReadFile = _no_files) -> tuple[tuple[FeedSource, ...], tuple[str, ...]]:
    """Return the feeds that `text` names, in its order, and what is wrong with it, a line each.

    Lines that begin with `#` are comments. A word that ends in `.opml` is a file: it stands for the feeds in it that
    are not named already, and options after it are for all of them.

    Args:
        text: the words.
        read_file: gives the content of a file; raises OSError.
    """
    reading = _Reading(read_file)
    lines = (line for line in text.splitlines() if not line.lstrip().startswith("#"))
    for word in _WORD.findall(" ".join(lines)):
        option = _OPTION.fullmatch(word)
        if option and not word.lower().startswith(("http://", "https://")):
            _take_option(reading, option[1].lower(), option[2])
        else:
            _take_address(reading, word)
    return tuple(reading.feeds), tuple(reading.problems)


def _take_address(reading: _Reading, word: str) -> None:
    reading.current, reading.first = word, len(reading.feeds)
    is_file = word.lower().endswith(".opml") and "://" not in word
    problem = _take_file(reading, word) if is_file else _address_problem(word, reading.named)
    reading.current_is_wrong = problem is not None
    if problem is not None:
        reading.problems.append(problem)
    elif not is_file:
        _add(reading, FeedSource(word))


def _take_file(reading: _Reading, name: str) -> str | None:
    try:
        found = read_opml(reading.read_file(name))
    except OSError as error:
        return f"'{name}' cannot be read: {error.strerror or error}"
    except ValueError as error:
        return f"'{name}': {error}"
    for feed in found:
        if _address_problem(feed.url, reading.named) is None:
            _add(reading, feed)
    return None


def _add(reading: _Reading, feed: FeedSource) -> None:
    reading.feeds.append(feed)
    reading.named.add(_same_address(feed.url))


def _address_problem(word: str, named: Collection[tuple[str, str, str, str]]) -> str | None:
    try:
        parts = urlsplit(word)
        host, scheme, _port = parts.hostname, parts.scheme, parts.port
    except ValueError:
        return f"'{word}' is no address that can be read"
    if scheme in {"http", "https"} and host:
        return f"{word} stands there twice" if _same_address(word) in named else None
    hint = f": did you mean https://{word} ?" if _HOST_LIKE.fullmatch(word) else ""
    return f"'{word}' is no http:// or https:// address{hint}"


def _same_address(url: str) -> tuple[str, str, str, str]:
    parts = urlsplit(url)
    return parts.scheme.lower(), parts.netloc.lower(), parts.path or "/", parts.query


def _take_option(reading: _Reading, name: str, value: str) -> None:
    if reading.current_is_wrong:
        return
    if not reading.current:
        reading.problems.append(
            f"the option '{name}={value}' stands before any address; options follow their feed's URL"
        )
        return
    reader = _OPTIONS.get(name, _no_such_option)
    try:
        reading.feeds[reading.first :] = [
            replace(feed, options=reader(feed.options, value)) for feed in reading.feeds[reading.first :]
        ]
    except ValueError as error:
        reading.problems.append(f"option '{name}={value}' of {reading.current}: {error}")


def _no_such_option(_options: FeedOptions, _value: str) -> FeedOptions:
    raise ValueError(f"there is no such option; there are {OPTION_NAMES}")


def _channel(options: FeedOptions, value: str) -> FeedOptions:
    if not CHANNEL.fullmatch(value):
        raise ValueError(CHANNEL_HINT)
    return replace(options, channel=value)


def _tag(options: FeedOptions, value: str) -> FeedOptions:
    tags = [tag.strip().lstrip("#") for tag in value.split(",")]
    if not all(tags):
        raise ValueError("a tag is a word, several are separated by commas")
    return replace(options, tags=tuple(dict.fromkeys((*options.tags, *tags))))


def _interval(options: FeedOptions, value: str) -> FeedOptions:
    return replace(options, interval=_whole_number(value, least=1, what="seconds between two polls"))


def _backfill(options: FeedOptions, value: str) -> FeedOptions:
    return replace(options, backfill=_whole_number(value, least=0, what="how many old entries are posted"))


def _images(options: FeedOptions, value: str) -> FeedOptions:
    said = (_SAYS | _IMAGES).get(value.lower())
    if said is None:
        raise ValueError("yes, no, photo, preview or off")
    return replace(options, images=said)


def _include(options: FeedOptions, value: str) -> FeedOptions:
    return replace(options, include=(*options.include, *read_words(value)))


def _exclude(options: FeedOptions, value: str) -> FeedOptions:
    return replace(options, exclude=(*options.exclude, *read_words(value)))


def read_words(value: str) -> tuple[str, ...]:
    """Read words and phrases separated by commas; '+' stands for a blank where blanks cannot be written.

    Raises:
        ValueError: there is nothing between two commas.
    """
    words = [" ".join(part.replace("+", " ").replace('"', " ").split()) for part in value.split(",")]
    if not all(any(character.isalnum() for character in word) for word in words):
        raise ValueError('words or phrases, separated by commas; north+sea or "north sea" is a phrase')
    return tuple(dict.fromkeys(words))


def _whole_number(value: str, *, least: int, what: str) -> int:
    if not (value.isascii() and value.isdecimal() and len(value) <= len("999999999") and int(value) >= least):
        raise ValueError(f"a whole number, {least} or more ({what})")
    return int(value)


_OPTIONS: dict[str, Callable[[FeedOptions, str], FeedOptions]] = {
    "channel": _channel,
    "tag": _tag,
    "interval": _interval,
    "backfill": _backfill,
    "images": _images,
    "include": _include,
    "exclude": _exclude,
}
