"""The condenser: from an article to its headline, summary and canonical link; pure functions on text.

Its names are loaded when they are first asked for: the program's main process needs a few light ones, its workers those
that bring the libraries for pages along.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .decoding import page_text
    from .entry import condense_entry, condense_page, wants_page
    from .extract import Page, extract_page
    from .headline import clean_headline
    from .language import detect_language
    from .links import canonical_link
    from .plain import plain_text
    from .summary import summarise

__all__ = [
    "Page",
    "canonical_link",
    "clean_headline",
    "condense_entry",
    "condense_page",
    "detect_language",
    "extract_page",
    "page_text",
    "plain_text",
    "summarise",
    "wants_page",
]

_HOMES = {
    "Page": "extract",
    "canonical_link": "links",
    "clean_headline": "headline",
    "condense_entry": "entry",
    "condense_page": "entry",
    "detect_language": "language",
    "extract_page": "extract",
    "page_text": "decoding",
    "plain_text": "plain",
    "summarise": "summary",
    "wants_page": "entry",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_HOMES[name]}", __name__), name)
