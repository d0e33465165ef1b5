"""Entries and their pages condensed in batches, which are small enough to be handed to a worker process."""

from collections.abc import Sequence

from bot.models import Condensed, Draft, Entry

from .decoding import page_text
from .entry import condense_entry, wants_page
from .extract import extract_page


def pages_wanted(entries: Sequence[Entry]) -> list[bool]:
    """Tell for each entry whether fetching its page can make a better article."""
    return [wants_page(entry) for entry in entries]


def condense_drafts(drafts: Sequence[Draft], site: str, language: str, limit: int) -> list[Condensed]:
    """Condense each draft; the same number in the same order."""
    return [_condense(draft, site, language, limit) for draft in drafts]


def _condense(draft: Draft, site: str, language: str, limit: int) -> Condensed:
    page = extract_page(page_text(draft.page, draft.page_type), draft.page_url) if draft.page is not None else None
    return condense_entry(draft.entry, site=site, page=page, limit=limit, language=language)
