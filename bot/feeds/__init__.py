"""Everything that turns addresses into entries. Light on purpose: worker processes import it, too."""

from bot.feeds.document import ParsedFeed
from bot.feeds.parse import parse_feed, read_document, read_feed

__all__ = ["ParsedFeed", "parse_feed", "read_document", "read_feed"]
