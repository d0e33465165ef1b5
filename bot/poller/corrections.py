"""What a feed changed in an article lately is corrected where it was posted."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.articles import entry_hash, is_shown_change
from bot.dedupe import keys_of
from bot.models import Condensed, Correction, Entry, Feed, Known
from bot.poller.reading import EntryReader
from bot.poller.tools import PollTools

MOST_CORRECTIONS = 20


@dataclass(frozen=True, slots=True)
class Corrections:
    """What is corrected now, and whether that is all that the document changed."""

    made: tuple[Correction, ...]
    are_all: bool


class Corrector:
    """Finds the corrections in a document.

    Args:
        tools: what the poller works with.
        edit_window: seconds after an article was found during which it is corrected.
        reader: reads what changed.
    """

    def __init__(self, tools: PollTools, edit_window: int, reader: EntryReader) -> None:
        self._tools = tools
        self._edit_window = edit_window
        self._reader = reader

    async def corrections(self, feed: Feed, entries: Sequence[Entry], known: dict[str, Known | None]) -> Corrections:
        """Condense again what the feed changed lately; old articles are left as they were."""
        since = self._tools.now() - self._edit_window
        changed: dict[int, Entry] = {}
        for entry in entries:
            old = next((known[key] for key in keys_of(entry) if key in known), None)
            if old and old.found_at >= since and old.entry_hash and old.entry_hash != entry_hash(entry):
                changed.setdefault(old.article_id, entry)
        chosen = list(changed.items())[:MOST_CORRECTIONS]
        texts = await self._reader.texts(feed, [entry for _, entry in chosen], with_pages=True) if chosen else []
        if self._tools.summariser is not None and texts:
            texts = await self._tools.summariser.summarise(texts)
        made = [
            await self._correction(article_id, entry, text)
            for (article_id, entry), text in zip(chosen, texts, strict=True)
        ]
        return Corrections(tuple(made), are_all=len(chosen) == len(changed))

    async def _correction(self, article_id: int, entry: Entry, text: Condensed) -> Correction:
        old = await self._tools.feeds.article_texts(article_id)
        shown = old is not None and bool(text.headline) and is_shown_change(old, (text.headline, text.summary))
        headline, summary = (text.headline, text.summary) if shown or old is None else old
        return Correction(
            article_id, entry_hash(entry), headline, summary, text.text, shown, text.language if shown else ""
        )
