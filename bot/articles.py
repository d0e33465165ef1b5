"""From a feed's entries and their pages to articles, in batches small enough to be handed to a worker process."""

import hashlib
from collections.abc import Sequence

from bot.condense import condense_entry, extract_page, page_text, wants_page
from bot.models import Condensed, Draft, Entry


def pages_wanted(entries: Sequence[Entry]) -> list[bool]:
    """Tell for each entry whether fetching its page can make a better article."""
    return [wants_page(entry) for entry in entries]


def condense_drafts(drafts: Sequence[Draft], site: str, language: str, limit: int) -> list[Condensed]:
    """Condense each draft; the same number in the same order."""
    return [_condense(draft, site, language, limit) for draft in drafts]


def _condense(draft: Draft, site: str, language: str, limit: int) -> Condensed:
    page = extract_page(page_text(draft.page, draft.page_type), draft.page_url) if draft.page is not None else None
    return condense_entry(draft.entry, site=site, page=page, limit=limit, language=language)


def unread(draft: Draft) -> Condensed:
    """What is left of an entry whose text the worker could not read: its title and link."""
    entry = draft.entry
    return Condensed(headline=entry.title[:300], summary="", link=entry.link, image=entry.image)


def entry_hash(entry: Entry) -> str:
    """Hash an entry's words: equal as long as the publisher changed nothing."""
    words = f"{entry.title}\x00{entry.summary}\x00{entry.content}"
    return hashlib.blake2b(words.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def is_shown_change(old: tuple[str, str], new: tuple[str, str]) -> bool:
    """Tell whether headline or summary really differ: not only in white space, punctuation, dates or counters."""
    return _words(old) != _words(new)


def _words(texts: tuple[str, str]) -> str:
    return "".join(character for text in texts for character in text.casefold() if character.isalpha())
