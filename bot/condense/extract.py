"""The article in a page: trafilatura's text, cleaned, and what the page says of itself."""

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from lxml import etree, html
from trafilatura import bare_extraction
from trafilatura.settings import JUSTEXT_LANGUAGES, Extractor
from trafilatura.utils import LANGID_FLAG

from .chrome import clean_article
from .decoding import mended, page_text
from .language import detect_language, primary_code
from .links import page_link, site_of
from .metadata import Metadata, read_metadata
from .plain import paragraphs_of, plain_text
from .sentences import ends_a_sentence
from .sites import names_of_site
from .standfirst import find_standfirsts
from .titles import choose_headline

_MAX_CHARACTERS = 3_000_000
_MAX_ELEMENTS = 40_000
_LINE_BREAKS = re.compile(r"(?<=\S)[^\S\n]*\n\s*(?=\S)")
_TABLE_CUTS = re.compile(r"\s\|\s")
_TABLE_RULE = re.compile(r"[-|: ]+")
_TOO_LITTLE = 500
# Elements that hold no text of an article; the extractor would drop them too, but only after many a look at them.
_NO_TEXT = re.findall(
    r"\w+",
    "script style svg template iframe meta head link nav footer menu dialog applet audio video canvas map area embed "
    "source track picture param marquee button input select option optgroup datalist textarea label legend output "
    "progress frame frameset math rp rt rtc",
)
_NOTICE_HINT = re.compile("cookie|browse|consent|gdpr|cmp|noscript|adblock|newsletter|notification")
_NOTICE_NAMES = re.compile(
    r"\b(?:browse-?happy|browser-?(?:upgrade|update|banner|warning|notice|message)|(?:update|outdated|old|unsupported)-?browser"
    r"|cookie-?(?:banner|consent|notice|bar|message|popup|overlay|law|wall|hint|info)|cookies?-(?:eu|modal)|consent-?(?:banner"
    r"|modal|popup|layer|wall)|gdpr|cmp-?(?:banner|container)|noscript-?(?:warning|message)|adblock-?\w*|newsletter-?(?:signup"
    r"|sign-up|form|box|popup|widget|teaser|banner|subscribe|subscription)|push-?notification\w*)"
)
# The extractor drops what is not printable, and with it the joiners that Persian and Indic words are spelt with and
# emoji are made of: they pass it as two letters of Phoenician, which no page of news is written in.
_JOINERS = "\u200c\u200d"
_JOINERS_HIDDEN = str.maketrans(_JOINERS, "\U00010900\U00010901")
_JOINERS_SHOWN = str.maketrans("\U00010900\U00010901", _JOINERS)
_LONGEST_NOTICE = 1_500
_SURE_LENGTH = 800
_SURE_SHARE = 0.5
_PARSER = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, recover=True, collect_ids=False)
# The classes that lxml.html has for forms and labels are not needed; without them no Python is run for each element.
_PARSER.set_element_class_lookup(etree.ElementDefaultClassLookup(element=html.HtmlElement))
_CONTROL_BYTES = bytes({*range(0x20), 0x7F} - {0x09, 0x0A, 0x0D})


@dataclass(frozen=True, slots=True)
class Page:
    """The article in a page, all plain text.

    Attributes:
        title: the headline, or None.
        text: the article's paragraphs, separated by blank lines, '' where there is none.
        description: the page's own summary, in full where the page shows it in full, or None.
        image: absolute http(s) URL, or None.
        language: ISO 639-1 code, or None.
        published: seconds UTC, or None.
        link: canonical URL, '' where there is none.
        site: the site's names, one a line.
        descriptions: all of the page's own summaries.
    """

    title: str | None = None
    text: str = ""
    description: str | None = None
    image: str | None = None
    language: str | None = None
    published: int | None = None
    link: str = ""
    site: str = ""
    descriptions: tuple[str, ...] = ()


def extract_page(html: str | bytes, url: str) -> Page:
    """The article in a page. Never raises: a page that holds none gives an empty text."""
    source = mended((page_text(html) if isinstance(html, bytes) else html)[:_MAX_CHARACTERS])
    tree = _parsed(source)
    if tree is None:
        return Page(text=plain_text(source) if "<" not in source else "", link=page_link(url, ""))
    metadata = read_metadata(tree, url)
    site = names_of_site(*metadata.sites, site_of(url))
    _clear(tree)
    text = _article_text(tree, metadata)
    standfirsts = find_standfirsts(tree, metadata.descriptions, text)
    if standfirsts.missing:
        text = [standfirsts.missing, *text]
    title = choose_headline(metadata, site, "\n".join(text[:40]))
    paragraphs = clean_article(text, title)
    joined = "\n\n".join(paragraphs)
    sample = " ".join(paragraphs[:10]) or f"{title} {' '.join(metadata.descriptions[:1])}"
    return Page(
        title=title or None,
        text=joined,
        description=next(iter(standfirsts.descriptions), None),
        image=metadata.image,
        language=detect_language(sample, metadata.language) or None,
        published=metadata.published,
        link=page_link(url, metadata.canonical),
        site=site,
        descriptions=standfirsts.descriptions,
    )


def _parsed(source: str) -> html.HtmlElement | None:
    try:
        body = source.encode("utf-8", "ignore").translate(None, _CONTROL_BYTES)
        return html.document_fromstring(body, parser=_PARSER)
    except (etree.LxmlError, ValueError, AssertionError):
        return None


def _article_text(tree: html.HtmlElement, metadata: Metadata) -> list[str]:
    """The paragraphs of the article: what the extractor finds, or JSON-LD's body where that is much more."""
    shown = tree.text_content()
    has_joiners = any(joiner in shown for joiner in _JOINERS)
    if has_joiners:
        _translate(tree, _JOINERS_HIDDEN)
    paragraphs = _extracted(tree, metadata.language)
    if has_joiners:
        _translate(tree, _JOINERS_SHOWN)
        paragraphs = [line.translate(_JOINERS_SHOWN) for line in paragraphs]
    stated = paragraphs_of(metadata.body)
    found_size, stated_size = sum(map(len, paragraphs)), sum(map(len, stated))
    return stated if stated_size > 200 and stated_size > 2 * found_size else paragraphs


def _clear(tree: html.HtmlElement) -> None:
    """Takes out of the page what is no text of an article, before it is looked for."""
    etree.strip_elements(tree, *_NO_TEXT, with_tail=False)
    _drop_notices(tree)
    _unwrap_lines(tree)
    _drop_link_paragraphs(tree)
    _drop_link_lists(tree)


def _extracted(tree: html.HtmlElement, stated: str) -> list[str]:
    """What trafilatura finds in its precision mode, or in its balanced one where that leaves nearly nothing."""
    if tree.xpath("count(//*)") > _MAX_ELEMENTS:
        return [line for line in paragraphs_of(_paragraph_elements(tree)) if len(line) > 80]
    language = _stop_words_of(tree, stated)
    quick = _trafilatura(tree, language, fast=True)
    if _is_surely_enough(quick, tree):
        return quick
    precise = _trafilatura(tree, language)
    if sum(map(len, precise)) >= _TOO_LITTLE:
        return precise
    balanced = _trafilatura(tree, language, precision=False)
    return balanced if sum(map(len, balanced)) > 2 * sum(map(len, precise)) else precise


def _is_surely_enough(found: list[str], tree: html.HtmlElement) -> bool:
    """Whether the extractor's second opinions cannot win: they do with twice the text, more than the page has."""
    size = sum(map(len, found))
    return size >= _SURE_LENGTH and size >= _SURE_SHARE * sum(len(_words(element)) for element in tree.iter("p"))


def _stop_words_of(tree: html.HtmlElement, stated: str) -> str | None:
    """The language whose stop words the extractor may use; without one it loads those of a hundred, 34 MB of them.

    None where a language detector is installed with trafilatura: it would refuse pages by its own guess.
    """
    if LANGID_FLAG:
        return None
    language = primary_code(stated)
    if language not in JUSTEXT_LANGUAGES:
        language = detect_language(" ".join(element.text for element in islice(tree.iter("p"), 100) if element.text))
    return language if language in JUSTEXT_LANGUAGES else "en"


def _trafilatura(
    tree: html.HtmlElement, language: str | None, *, precision: bool = True, fast: bool = False
) -> list[str]:
    try:
        document = bare_extraction(tree, options=_options(language, precision=precision, fast=fast))
    except Exception:  # noqa: BLE001  a bulkhead: the extractor is given whatever the web holds
        document = None
    text = getattr(document, "text", None) or ""
    lines = (line.removeprefix("- ").strip("| ") for line in paragraphs_of(text) if not _TABLE_RULE.fullmatch(line))
    return [_TABLE_CUTS.sub(", ", line) for line in lines]


@lru_cache(maxsize=256)
def _options(language: str | None, *, precision: bool, fast: bool) -> Extractor:
    """The extractor's settings, which it never changes; it would read its configuration anew for each page."""
    return Extractor(output_format="python", lang=language, precision=precision, fast=fast, comments=False)


def _translate(tree: html.HtmlElement, table: dict[int, int]) -> None:
    for element in tree.iter(etree.Element):
        if element.text:
            element.text = element.text.translate(table)
        if element.tail:
            element.tail = element.tail.translate(table)


def _unwrap_lines(tree: html.HtmlElement) -> None:
    """Makes the line breaks in the source's running text spaces, which is what a browser shows."""
    for element in tree.iter(etree.Element):
        if element.tag in {"pre", "code", "textarea"}:
            continue
        if element.text and "\n" in element.text.strip():
            element.text = _LINE_BREAKS.sub(" ", element.text)
        if element.tail and "\n" in element.tail.strip() and element.getparent().tag not in {"pre", "code"}:
            element.tail = _LINE_BREAKS.sub(" ", element.tail)


def _drop_notices(tree: html.HtmlElement) -> None:
    """Takes out boxes that are named as notices: of cookies, of old browsers, of newsletters."""
    for element in list(tree.iter("div", "section", "aside", "p")):
        names = f"{element.get('id') or ''} {element.get('class') or ''}".lower()
        if not _NOTICE_HINT.search(names) or not _NOTICE_NAMES.search(names.replace("_", "-")):
            continue
        if len(_words(element)) <= _LONGEST_NOTICE:
            element.drop_tree()


def _drop_link_paragraphs(tree: html.HtmlElement) -> None:
    """Takes out paragraphs that are one link without a sentence's end: they lead to other articles."""
    for element in list(tree.iter("p", "h3", "h4", "h5")):
        links = element.findall(".//a")
        if len(links) != 1 or len(text := _words(element)) > 200:
            continue
        if text and text == _words(links[0]) and not ends_a_sentence(text):
            element.drop_tree()


def _drop_link_lists(tree: html.HtmlElement) -> None:
    """Takes out lists whose items are each one link with a title: related articles, not a list of the article's."""
    for element in list(tree.iter("ul", "ol")):
        items = [_words(item) for item in element.iterchildren("li")]
        if not items or len(items) > 12 or sum(map(len, items)) < 25 * len(items) or any(map(ends_a_sentence, items)):
            continue
        links = [_words(link) for link in element.iter("a")]
        if [text for text in links if text] == items and element.getparent() is not None:
            element.drop_tree()


def _words(element: html.HtmlElement) -> str:
    """The text of an element with single spaces."""
    return " ".join(element.text_content().split())


def _paragraph_elements(tree: html.HtmlElement) -> str:
    """The text of a page too large for the extractor: its paragraph elements only."""
    return "\n".join(element.text_content().replace("\n", " ")[:5_000] for element in list(tree.iter("p"))[:2_000])
