"""What a feed document says, as values."""

from dataclasses import dataclass

from bot.models import Entry


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """A feed document, read.

    Attributes:
        entries: in document order.
        kind: 'rss20', 'atom10', 'json11', … or 'sitemap'.
        title: the feed's own title, plain text.
        language: as the feed has it ('en-GB'), '' where it has none.
        link: the site the feed belongs to.
        hub: address of its WebSub hub, '' for none.
        self_link: the address the feed gives for itself.
        ttl: seconds the feed asks to be left alone, or None.
        update_period: seconds between updates by the syndication module, or None.
        skip_hours: hours (GMT, 0–23) in which the feed does not change.
        skip_days: weekdays (GMT, Monday is 0) on which the feed does not change.
        unreadable: entries that could not be read and were left out.
        is_complete: whether the document ends as it should, rather than being cut off on its way.
        ends_within_entry: whether it is cut off within its last entry, of which nobody knows what is missing.
        is_well_formed: whether the document is XML that needed no repair.
        is_independent: whether each entry reads the same, and has the same keys, without the others.
        unchanged: entries of the document that are not in `entries`: they stand there exactly as they did when
            the document was last stored.
    """

    entries: tuple[Entry, ...]
    kind: str
    title: str = ""
    language: str = ""
    link: str = ""
    hub: str = ""
    self_link: str = ""
    ttl: int | None = None
    update_period: int | None = None
    skip_hours: tuple[int, ...] = ()
    skip_days: tuple[int, ...] = ()
    unreadable: int = 0
    is_complete: bool = True
    ends_within_entry: bool = False
    is_well_formed: bool = False
    is_independent: bool = False
    unchanged: int = 0

    @property
    def total(self) -> int:
        """Entries in the document, the unchanged ones included."""
        return len(self.entries) + self.unchanged


@dataclass(frozen=True, slots=True)
class RawEntry:
    """An entry before it has its keys: `guid` is the feed's own id, '' for none."""

    guid: str
    entry: Entry
