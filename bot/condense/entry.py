"""The whole way of an article: from a feed's entry, its page, or both, to headline, summary and link."""

from itertools import pairwise

from bot.models import Condensed, Entry

from .chrome import clean_paragraphs, same_text_key, without_more
from .description import shares_words, usable_description
from .extract import Page, extract_page
from .headline import tidy_headline
from .language import detect_language, primary_code
from .links import canonical_link
from .notices import is_notice
from .plain import paragraphs_of, plain_text
from .sentences import ends_a_sentence
from .summary import first_sentence, stopped, summarise, weight

_ENOUGH_TEXT = 600
_ENOUGH_TEASER = 120
_LONG_TITLE = 30  # letters; a short title may begin a sentence that says much more
_LINK_WORDS = 30
_STANDFIRST = 40


def condense_page(html: str | bytes, url: str, *, limit: int = 350) -> Condensed:
    """The whole way for a page alone; never raises."""
    page = extract_page(html, url)
    entry = Entry(key="", link=url)
    return condense_entry(entry, page=page, limit=limit)


def wants_page(entry: Entry) -> bool:
    """Whether the article's page can win: there is a link, and the feed's own text is too little or cut off."""
    if not canonical_link(entry.link):
        return False
    if weight(_feed_text(entry.content)) >= _ENOUGH_TEXT:
        return False
    teaser = plain_text(entry.summary)
    whole = without_more(teaser) == teaser and ends_a_sentence(teaser) and not teaser.endswith(("…", "..."))
    return not whole or weight(teaser) < _ENOUGH_TEASER or is_notice(teaser)


def condense_entry(
    entry: Entry, *, site: str = "", page: Page | None = None, limit: int = 350, language: str = ""
) -> Condensed:
    """Headline, summary and link of a feed's entry, with its page where one was fetched; never raises.

    The summary is the publisher's own (teaser or the page's description) where that is a real one, else the lead of
    the best text at hand. Without a title the first sentence is the headline; an entry with nothing at all has none.
    """
    page = page if page and _shows(page, entry) else Page()
    text = _best_text(entry, page)
    teaser = "\n\n".join(clean_paragraphs(paragraphs_of(plain_text(entry.summary)), entry.title))
    names = "\n".join(filter(None, (site, page.site)))
    headline = tidy_headline(entry.title, site=names, text=text) or page.title or ""
    body = text or without_more(teaser)
    code = page.language if page.language and text == page.text else ""
    code = code or detect_language(f"{headline}\n{body[:4_000]}", page.language or language) or primary_code(language)
    if not headline:
        headline = tidy_headline(first_sentence(body, language=code), site="\n")
    return Condensed(
        headline=headline,
        summary=_summary(headline, body, _own_words(entry, teaser, page, text, code), code, limit),
        link=page.link or canonical_link(entry.link),
        text=body,
        language=code,
        image=entry.image or page.image,
        published=entry.published if entry.published is not None else page.published,
    )


def _shows(page: Page, entry: Entry) -> bool:
    """Whether a page is the entry's article rather than a wall, a home page or an error page in its place."""
    if not page.text:
        return True
    said = f"{entry.title} {plain_text(entry.summary)}"
    return shares_words(said, f"{page.title or ''} {page.description or ''} {page.text}")


def _feed_text(markup: str) -> str:
    return without_more(plain_text(markup))


def _best_text(entry: Entry, page: Page) -> str:
    """The fullest clean text: the feed's content, a long teaser, or the page's."""
    candidates = []
    for markup in (entry.content, entry.summary):
        text = "\n\n".join(clean_paragraphs(paragraphs_of(_feed_text(markup)), entry.title))
        if weight(text) >= _ENOUGH_TEXT or not page.text:
            candidates.append(text)
    candidates.append(page.text)
    return max(candidates, key=len)


def _own_words(entry: Entry, teaser: str, page: Page, text: str, language: str) -> list[str]:
    """The publisher's own summaries, the best first; a teaser that is the whole text is none."""
    own = (
        [_as_sentences(paragraphs_of(teaser), language)]
        if teaser and weight(teaser) < _ENOUGH_TEXT and same_text_key(teaser) != same_text_key(text)
        else []
    )
    return [*own, *page.descriptions] if entry.summary else list(page.descriptions)


def _as_sentences(paragraphs: list[str], language: str) -> str:
    """Paragraphs on one line; a sentence that ends without a full stop does not run into the next paragraph.

    Short lines are labels or names, and before a small letter a line is only broken: both get no full stop.
    """
    ended = [
        stopped(part, language)
        if not ends_a_sentence(part) and weight(part) >= _STANDFIRST and not after[0].islower()
        else part
        for part, after in pairwise([*paragraphs, "a"])
    ]
    return " ".join(ended)


def _summary(headline: str, text: str, own_words: list[str], language: str, limit: int) -> str:
    for words in own_words:
        summary = usable_description(words, title=headline, text=text, language=language, limit=limit)
        if summary:
            return summary
    text = text or " ".join(own_words[:1])
    summary = summarise(text, title=headline, language=language, limit=limit)
    return "" if _adds_nothing(summary, headline, text) else summary


def _adds_nothing(summary: str, headline: str, text: str) -> bool:
    """Whether a summary is the headline again, a little longer perhaps, or the bare words of a link ('View')."""
    said, told = same_text_key(summary), same_text_key(headline)
    if len(told) >= _LONG_TITLE and said.startswith(told) and len(said) <= 1.4 * len(told):
        return True
    return said == told or (len(text.split()) <= 2 and weight(text) <= _LINK_WORDS and not ends_a_sentence(text))
