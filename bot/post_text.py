"""The words of a post: an article put into the template, escaped, in its direction, within a limit."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.models import Article, Message
from bot.post_template import DEFAULT, Kind, Template, Value, read_template
from bot.shown_text import (
    directed,
    escape,
    hashtags,
    host_of,
    is_right_to_left,
    isolated,
    length,
    one_line,
    shorten,
    shown,
    usable_link,
)

MOST_FOUND = 60
"""Telegram drops entities beyond 100, those it finds itself included; a text with more looks would cost the link."""

LONGEST_NAME = 100
SHORTEST_SUMMARY = 40
SHORTEST_ROOM = 200
LOOKS_LIKE_AN_ENTITY = re.compile(r"[@#/$]\w|\w[.:@]/*\w")

# Letters and signs a minute, about: scripts without spaces say more with one of them.
READ_A_MINUTE = 1_100
READ_A_MINUTE_DENSE = 450
DENSE_LANGUAGES = frozenset({"zh", "ja", "ko", "th", "lo", "km", "my"})
LEAST_READ = 600
"""Shorter texts are mostly teasers: how long the article itself takes to read is not known from them."""

STANDARD = read_template(DEFAULT)
_ONE = Value("x", "x", "x")
_NONE = Value()


@dataclass(frozen=True, slots=True)
class Look:
    """How a post looks, with what is said in the channel's language: '' leaves a part out."""

    template: Template = STANDARD
    reading_time: str = ""
    date: str = ""


def minutes_to_read(article: Article) -> int:
    """Return how many minutes an article takes, 0 where that cannot be told."""
    if article.characters < LEAST_READ:
        return 0
    dense = article.language.partition("-")[0] in DENSE_LANGUAGES
    return max(1, round(article.characters / (READ_A_MINUTE_DENSE if dense else READ_A_MINUTE)))


def post_text(article: Article, limit: int, look: Look, updated: str = "") -> Message:
    """Return an article's post without its picture; headline and summary give way to the limit, the summary first."""
    right_to_left = runs_right_to_left(article)
    html, plain = (_fitting(article, limit, look, updated, kind) for kind in ("text", "plain"))
    shown_html, shown_text = look.template.fill(html, "html"), look.template.fill(html, "text")
    return Message(
        html=_directed_html(shown_html, shown_text, right_to_left=right_to_left),
        plain=_directed_lines(look.template.fill(plain, "plain"), right_to_left=right_to_left),
        link=article.link,
    )


def runs_right_to_left(article: Article) -> bool:
    """Tell which way an article runs."""
    return is_right_to_left(f"{article.headline} {article.summary}", article.language)


def _fitting(article: Article, limit: int, look: Look, updated: str, kind: Kind) -> dict[str, Value]:
    """All values, those of headline and summary as long as there is room."""
    values = _values(article, look, updated)
    room = limit - _frame(look.template, values, kind)
    if room < SHORTEST_ROOM:
        values["tags"] = _NONE
        room = limit - _frame(look.template, values, kind)
    right_to_left = runs_right_to_left(article)
    headline = shorten(one_line(article.headline), room)
    whole = _with_few_entities(shown(article.summary))
    left = room - length(headline) - whole.count("\n")
    summary = shorten(whole, left) if left >= SHORTEST_SUMMARY else ""
    values["headline"] = _value(directed(headline, right_to_left=right_to_left))
    values["summary"] = _value(_directed_lines(summary, right_to_left=right_to_left))
    return values


def _frame(template: Template, values: Mapping[str, Value], kind: Kind) -> int:
    """The length of all but headline and summary, with a direction mark for each line."""
    return length(template.fill({**values, "headline": _ONE, "summary": _ONE}, kind)) + len(template.lines)


def _values(article: Article, look: Look, updated: str) -> dict[str, Value]:
    right_to_left = runs_right_to_left(article)
    link = usable_link(article.link)
    address = "" if link else shorten(one_line(article.link), LONGEST_NAME)
    beside = {"reading_time": look.reading_time, "date": look.date, "author": _short(article.author)}
    return {
        "source": _source(article, link, right_to_left=right_to_left),
        "link": _value(link or address),
        "href": _value(link),
        "address": Value(escape(address), address, link or address),
        "tags": _value(directed(" ".join(hashtags(article.categories)), right_to_left=right_to_left)),
        "updated": _value(updated),
        **{name: _value(isolated(text, right_to_left=right_to_left)) for name, text in beside.items()},
    }


def _source(article: Article, link: str, *, right_to_left: bool) -> Value:
    name = _short(article.source) or _short(host_of(article.link)) or _short(article.link)
    name = directed(name, right_to_left=right_to_left)
    return Value(f'<a href="{escape(link)}">{escape(name)}</a>' if link else escape(name), name, name)


def _short(text: str) -> str:
    return shorten(one_line(text), LONGEST_NAME)


def _value(text: str) -> Value:
    return Value(escape(text), text, text)


def _directed_lines(text: str, *, right_to_left: bool) -> str:
    """Each line in the message's direction; an address alone on its line has none."""
    lines = text.split("\n")
    return "\n".join(line if line.startswith("http") else directed(line, right_to_left=right_to_left) for line in lines)


def _directed_html(html: str, text: str, *, right_to_left: bool) -> str:
    """The lines of HTML, with the marks that their texts need to begin on the message's side."""
    marked = _directed_lines(text, right_to_left=right_to_left).split("\n")
    return "\n".join(
        line if same == mark else f"{mark[0]}{line}"
        for line, same, mark in zip(html.split("\n"), text.split("\n"), marked, strict=True)
    )


def _with_few_entities(text: str) -> str:
    for number, match in enumerate(LOOKS_LIKE_AN_ENTITY.finditer(text)):
        if number == MOST_FOUND:
            return shorten(text, max(length(text[: match.start()]), 1))
    return text
