"""The standfirst of a page: the editor's own summary where it is shown, above the article or as its first lines."""

import re
from dataclasses import dataclass

from lxml import html

from .description import shares_words
from .plain import one_line
from .sentences import ends_a_sentence

_KEY = 40  # so many first characters of a description tell it from any other text of its page
_LEAST, _MOST = 150, 800
_BLOCKS = frozenset({"p", "div", "h2", "h3", "h4", "section", "header", "li", "blockquote"})
_MARKED = re.compile(
    r"(?i)(?:^|[-_ ])(?:standfirst|sub-?head(?:line|ing)?|sub-?title|dek|chapo|chapeau|bajada|entradilla|copete|sumario"
    r"|vorspann|ingress|manchet|sommario|catenaccio|linha-fina|perex|zajawka|spot|lead|lede|intro(?:duction)?|teaser-?text"
    r"|(?:article|post|story|entry)[-_]*(?:summary|excerpt|description|abstract|teaser))(?:$|[-_ ])"
)


@dataclass(frozen=True, slots=True)
class Standfirsts:
    """What a page shows of its own summaries.

    Attributes:
        descriptions: the page's descriptions, those shown above the article first, cut-off ones in full where the page
            shows them in full, and last what is marked as a standfirst.
        missing: the standfirst that the page shows and the article's text lacks, '' where there is none.
    """

    descriptions: tuple[str, ...]
    missing: str = ""


def find_standfirsts(tree: html.HtmlElement, descriptions: tuple[str, ...], paragraphs: list[str]) -> Standfirsts:
    """The summaries of a page, looked up among what it shows.

    Args:
        tree: the parsed page without scripts.
        descriptions: what the page states as its description, in the order in which they are to be tried.
        paragraphs: the article's text as extracted.
    """
    keys = {description[:_KEY]: description for description in descriptions[:4] if len(description) >= _KEY}
    shown = _shown(tree, keys)
    start = " ".join(paragraphs[:6])
    above = [description for key, description in keys.items() if key in shown and key not in start]
    ordered = dict.fromkeys([*above, *descriptions])
    full = [_in_full(description, shown.get(description[:_KEY], "")) for description in ordered]
    blocks = (shown[description[:_KEY]] for description in above)
    missing = next((block for block in blocks if len(block) >= _LEAST and shares_words(block, start)), "")
    return Standfirsts(tuple(dict.fromkeys([*full, *_marked(tree, paragraphs)])), missing)


def _shown(tree: html.HtmlElement, keys: dict[str, str]) -> dict[str, str]:
    """The blocks of the page that begin with a key, by key."""
    shown: dict[str, str] = {}
    for element in tree.iter("p", "div", "h2", "h3", "h4", "span", "strong", "b", "em") if keys else ():
        key = _beginning(element)
        if key in keys and key not in shown and (block := _block_text(element)):
            shown[key] = block
    return shown


def _marked(tree: html.HtmlElement, paragraphs: list[str]) -> list[str]:
    """The block that is marked as a standfirst by its class, between the headline and the article's first lines."""
    first = paragraphs[0][:_KEY] if paragraphs else ""
    below_headline = False
    for element in tree.iter("h1", "p", "div", "h2", "h3", "span"):
        if element.tag == "h1":
            below_headline = True
        elif below_headline and first and _beginning(element) == first:
            break
        elif below_headline and _MARKED.search(element.get("class") or "") and (block := _block_text(element)):
            return [block]
    return []


def _beginning(element: html.HtmlElement) -> str:
    text = element.text
    return " ".join(text[:300].split())[:_KEY] if text and len(text) > 10 else ""


def _block_text(element: html.HtmlElement) -> str:
    """The text of the block an element stands in, '' where that is more or less than a standfirst."""
    block = element if element.tag in _BLOCKS else element.getparent()
    text = one_line(block.text_content()) if block is not None else ""
    return text if _KEY <= len(text) <= _MOST else ""


def _in_full(description: str, block: str) -> str:
    """A description that is cut off as the page shows it in full."""
    stem = description.rstrip("…. ")
    cut = description.endswith(("…", "...")) or not ends_a_sentence(description)
    return block if cut and len(block) > len(stem) and block.startswith(stem) else description
