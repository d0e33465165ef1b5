"""An entry beside its condensed text: its words, whether they changed, what is left where it cannot be read."""

import hashlib

from bot.models import Condensed, Draft, Entry


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
