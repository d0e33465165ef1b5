"""What a feed brings: its entries, and what becomes of each on its way to an article."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a feed, as parsed.

    Attributes:
        key: identity within its feed: a short opaque string.
        link: absolute http(s) URL of the article, '' where the feed has none.
        title: plain text, entities decoded once, '' where there is none.
        summary: the teaser as an HTML fragment, as the feed has it.
        content: the full content as an HTML fragment, '' where the feed has none.
        published: when it was published, or None.
        categories: the feed's category names, in its order.
        image: absolute http(s) URL of the entry's picture, or None.
        author: as the feed has it.
        other_keys: further keys under which the same entry may be known (its canonical link, …).
    """

    key: str
    link: str = ""
    title: str = ""
    summary: str = ""
    content: str = ""
    published: int | None = None
    categories: tuple[str, ...] = ()
    image: str | None = None
    author: str = ""
    other_keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry on its way to become an article.

    Attributes:
        page: body of the article's page, where one was fetched.
        page_url: where it was found after redirects.
        page_type: its media type as the server named it, which may name its encoding.
    """

    entry: Entry
    page: bytes | None = None
    page_url: str = ""
    page_type: str = ""


@dataclass(frozen=True, slots=True)
class Condensed:
    """What the condenser makes of an entry or a page; all plain text.

    Attributes:
        headline: one line, never empty for an article that has any text.
        summary: whole sentences, '' where there is no text.
        link: canonical URL, '' where there is none.
        text: the article's paragraphs, separated by blank lines.
        language: ISO 639-1 code, or ''.
        image: absolute http(s) URL, or None.
        published: seconds UTC, or None.
    """

    headline: str
    summary: str
    link: str
    text: str = ""
    language: str = ""
    image: str | None = None
    published: int | None = None
