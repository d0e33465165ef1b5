"""The condenser: from an article to its headline, summary and canonical link; pure functions on text."""

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
