"""The values that cross module borders: frozen, typed, free of any library's objects.

Times are integer seconds since 1970-01-01 UTC unless said otherwise.
"""

from bot.models.articles import Article, Correction, Known, Learned, NewArticle, PollResult, Told
from bot.models.entries import Condensed, Draft, Entry
from bot.models.feeds import Feed, FeedOptions, FeedSource, HubSubscription, Validators
from bot.models.messages import Button, Message
from bot.models.posts import Errand, Post, PostState, QueueStatus, Stray

__all__ = [
    "Article",
    "Button",
    "Condensed",
    "Correction",
    "Draft",
    "Entry",
    "Errand",
    "Feed",
    "FeedOptions",
    "FeedSource",
    "HubSubscription",
    "Known",
    "Learned",
    "Message",
    "NewArticle",
    "PollResult",
    "Post",
    "PostState",
    "QueueStatus",
    "Stray",
    "Told",
    "Validators",
]
