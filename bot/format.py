"""Articles as messages: a channel's post, lists for readers; everything is escaped here, once, and fits the limits."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.models import Article, Button, Message, Post
from bot.pictures import Rung
from bot.post_text import Look, post_text, runs_right_to_left
from bot.shown_text import (
    directed,
    escape,
    host_of,
    isolated,
    length,
    one_line,
    shorten,
    usable_link,
)

TEXT_LIMIT = 4096
"""Of a message after its markup is parsed (core.telegram.org/bots/api#sendmessage)."""

CAPTION_LIMIT = 1024
"""Of the text under a picture (core.telegram.org/bots/api#sendphoto)."""

MOST_LISTED = 30
PLAIN = Look()

# Five articles of a page with all of these fit into one message, so that a button can turn it.
LONGEST_LISTED_HEADLINE = 200
LONGEST_LISTED_NAME = 60
LONGEST_LISTED_LINK = 250
LONGEST_PASSAGE = 170

Buttons = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """An article in a list.

    Attributes:
        age: how long ago it was published, in the reader's words.
        passage: the piece of its text that answers a search, '' for none.
        number: stands before it, 0 for none.
        post: address of a channel's post of it that anybody may open, '' for none; the headline then leads there, and
            the source's name to the article.
    """

    article: Article
    age: str
    passage: str = ""
    number: int = 0
    post: str = ""


@dataclass(frozen=True, slots=True)
class _Piece:
    """A piece of a message; `text` is what is left of `html` once Telegram has parsed it."""

    text: str
    html: str
    plain: str


def post_message(
    article: Article,
    *,
    rung: Rung = Rung.NONE,
    upload: bytes | None = None,
    silent: bool = False,
    updated: str = "",
    look: Look = PLAIN,
) -> Message:
    """Return the post of an article: as the template says, by default headline, summary, source as a link, hashtags.

    Args:
        article: as stored.
        rung: how its picture is shown; a photo's caption is kept to a caption's limit.
        upload: the picture's file, for the rung of that name.
        silent: delivered without a sound.
        updated: stands behind the source where the article was changed after it was posted.
        look: the template, and what stands in it in the channel's language.
    """
    message = post_text(article, CAPTION_LIMIT if rung.is_photo else TEXT_LIMIT, look, updated)
    previewed = {Rung.PREVIEW: article.image or "", Rung.PAGE: article.link}.get(rung, "")
    return replace(
        message,
        preview_url=usable_link(previewed),
        preview_above=rung is Rung.PREVIEW,
        photo={Rung.KNOWN: article.photo_id, Rung.URL: article.image}.get(rung),
        upload=upload if rung is Rung.UPLOAD else None,
        silent=silent,
    )


def article_list(
    items: Sequence[Listed], *, title: str = "", right_to_left: bool = False, buttons: Buttons = ()
) -> tuple[Message, ...]:
    """Return articles as a list, in as many messages as the limits ask for; split only between articles.

    Args:
        items: in the order in which they are shown.
        title: plain text above the first of them.
        right_to_left: the direction of the reader's language.
        buttons: stand under the last message.
    """
    pieces = [_listed(item, right_to_left=right_to_left) for item in items]
    if title:
        pieces.insert(0, _text_piece(title))
    groups = _grouped(pieces)
    messages = [
        Message(html=_joined(*(piece.html for piece in group)), plain=_joined(*(piece.plain for piece in group)))
        for group in groups
    ]
    messages[-1:] = [replace(message, buttons=buttons) for message in messages[-1:]]
    return tuple(messages)


def headlines(
    groups: Sequence[tuple[str, Sequence[Article]]], *, title: str, ending: str = "", right_to_left: bool = False
) -> tuple[Message, ...]:
    """Return headlines with their links under the name of each group, in as many messages as the limits ask for.

    Args:
        groups: names, such as of sources, each with its articles; split only between articles.
        title: plain text above the first of them.
        ending: plain text below the last of them, '' for none.
        right_to_left: the direction of the reader's language.
    """
    pieces = [_text_piece(title)]
    for name, articles in groups:
        lines = [_headline(article, right_to_left=right_to_left) for article in articles]
        heading = directed(shorten(one_line(name), LONGEST_LISTED_NAME), right_to_left=right_to_left)
        above = _Piece(heading, f"<b>{escape(heading)}</b>", heading)
        # The name is never the last line of a message.
        first = (_lines(getattr(above, part), getattr(lines[0], part)) for part in ("text", "html", "plain"))
        pieces += [_Piece(*first) if heading else lines[0], *lines[1:]]
    pieces += [_text_piece(ending)] if ending else []
    return tuple(
        Message(html=_joined(*(piece.html for piece in group)), plain=_joined(*(piece.plain for piece in group)))
        for group in _grouped(pieces)
    )


def _headline(article: Article, *, right_to_left: bool) -> _Piece:
    link = usable_link(article.link)
    headline = shorten(one_line(article.headline), LONGEST_LISTED_HEADLINE) or host_of(article.link) or article.source
    headline = directed(f"• {headline}", right_to_left=right_to_left)
    html = f'<a href="{escape(link)}">{escape(headline)}</a>' if link else escape(headline)
    return _Piece(headline, html, _lines(headline, link if len(link) <= LONGEST_LISTED_LINK else ""))


def burst_groups(posts: Sequence[Post]) -> list[Sequence[Post]]:
    """Divide posts of a burst into groups, in order, so that each group fits one message."""
    sizes = [len(group) for group in _grouped([_burst_line(post.article) for post in posts])]
    starts = [sum(sizes[:index]) for index in range(len(sizes))]
    return [posts[start : start + size] for start, size in zip(starts, sizes, strict=True)]


def burst_message(articles: Sequence[Article], *, ending: str = "") -> Message:
    """Return one post for many articles: a headline with its link each; plain words below them, '' for none."""
    pieces: list[_Piece] = []
    for most in (LONGEST_LISTED_HEADLINE, LONGEST_LISTED_HEADLINE // 2, LONGEST_LISTED_HEADLINE // 4):
        pieces = [_burst_line(article, most) for article in articles]
        pieces += [_text_piece(ending)] if ending else []
        if sum(map(_size, pieces)) <= TEXT_LIMIT:  # headlines may have grown since the burst was divided
            break
    return Message(
        html=_joined(*(piece.html for piece in pieces)),
        plain=_joined(*(piece.plain for piece in pieces)),
        link=articles[0].link,
    )


def _burst_line(article: Article, most: int = LONGEST_LISTED_HEADLINE) -> _Piece:
    right_to_left = runs_right_to_left(article)
    link = usable_link(article.link)
    headline = directed(shorten(one_line(article.headline), most), right_to_left=right_to_left)
    html = f'<a href="{escape(link)}">{escape(headline)}</a>' if link else escape(headline)
    return _Piece(text=headline, html=html, plain=_lines(headline, link))


def notice(text: str, *, buttons: Buttons = (), silent: bool = False) -> Message:
    """Return a message of plain words."""
    fitting = shorten(text, TEXT_LIMIT)
    return Message(html=escape(fitting), plain=fitting, buttons=buttons, silent=silent)


def _listed(item: Listed, *, right_to_left: bool) -> _Piece:
    article = item.article
    link = usable_link(article.link)
    headline = shorten(one_line(article.headline), LONGEST_LISTED_HEADLINE) or host_of(article.link) or article.source
    headline = directed(headline, right_to_left=right_to_left)
    name = shorten(one_line(article.source), LONGEST_LISTED_NAME) or (host_of(link) if item.post else "")
    name = isolated(name, right_to_left=right_to_left)
    about = directed(" · ".join(part for part in (name, item.age) if part), right_to_left=right_to_left)
    about_html = escape(about)
    if item.post and link and name:
        about_html = about_html.replace(escape(name), _linked(escape(name), link), 1)
    passage = directed(shorten(one_line(item.passage), LONGEST_PASSAGE), right_to_left=right_to_left)
    leads_to = item.post or link
    title = _linked(escape(headline), leads_to) if leads_to else f"<b>{escape(headline)}</b>"
    number = f"{item.number}. " if item.number else ""
    quoted = f"<i>{escape(passage)}</i>" if passage else ""
    return _Piece(
        text=_lines(number + headline, passage, about),
        html=_lines(number + title, quoted, about_html),
        plain=_lines(number + headline, passage, about, link if len(link) <= LONGEST_LISTED_LINK else ""),
    )


def _linked(html: str, link: str) -> str:
    return f'<a href="{escape(link)}">{html}</a>'


def save_button(article_id: int) -> Buttons:
    """Return the star under an article that is sent to a reader."""
    return ((Button("☆", f"saved:s:{article_id}"),),)


def save_link(bot_name: str, article_id: int) -> Buttons:
    """Return the star under a channel's post: a link to the bot, as a channel's readers are unknown to it."""
    return ((Button("☆", url=f"https://t.me/{bot_name}?start=save_{article_id}"),),)


def _text_piece(text: str) -> _Piece:
    return _Piece(text, escape(text), text)


def _grouped(pieces: Sequence[_Piece]) -> list[list[_Piece]]:
    groups: list[list[_Piece]] = []
    room = 0
    for piece in pieces:
        size = _size(piece)
        if not groups or size > room or len(groups[-1]) >= MOST_LISTED:
            groups.append([])
            room = TEXT_LIMIT
        groups[-1].append(piece)
        room -= size
    return groups


def _size(piece: _Piece) -> int:
    return max(length(piece.text), length(piece.plain)) + len("\n\n")


def _lines(*parts: str) -> str:
    return "\n".join(part for part in parts if part)


def _joined(*parts: str) -> str:
    return "\n\n".join(part for part in parts if part)
