"""The expected failures, each named after what the caller should do about it.

TidingsError
├── ConfigurationError        stop: the admin has to change a setting
├── FetchError                try this address again later
│   ├── FetchForbidden        the address may not be reached at all
│   ├── FetchTooLarge         the body is over the cap
│   └── NotAFeed              the body is not a feed
├── WorkerError               a document exceeded its time or memory; it alone failed
├── SendError
│   ├── SendLater             the scope is closed; send again after `retry_after` seconds
│   ├── NotSent               proved not sent; try again with back-off
│   ├── Doubtful              no answer came; it may have been sent or not
│   ├── MarkupRefused         the text cannot be parsed; send it as plain text
│   ├── PictureRefused        the picture cannot be sent; go down the picture ladder
│   ├── SendRefused           this message will never be accepted
│   │   └── CannotLook        the chat cannot be looked into; decide without
│   ├── ChatGone              the chat does not want us (blocked, deleted, deactivated)
│   ├── ChatClosed            a right is missing for now; wait until it is back
│   └── ChatMoved             the chat has a new id
├── ModelError                the language model gave nothing useful; take the extractive summary
│   ├── ModelBusy             try once more, if there is time
│   └── AnswerRefused         the answer did not pass the checks
├── BudgetSpent               the language model is not asked again today
├── TokenRefused              the token is wrong or revoked; stop
├── TokenInUse                another process has this one's place; stop
└── StoreUnavailable          the database refused; nothing was stored, try later
"""


class TidingsError(Exception):
    """Any expected failure."""


class ConfigurationError(TidingsError):
    """Settings are wrong; `problems` lists all of them, one line each, in words an admin understands."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


class FetchError(TidingsError):
    """An address gave nothing useful.

    Attributes:
        status: HTTP status, or None where no answer came.
        retry_after: seconds the server asks to wait, or None.
    """

    def __init__(self, reason: str, *, status: int | None = None, retry_after: int | None = None) -> None:
        super().__init__(reason)
        self.status = status
        self.retry_after = retry_after


class FetchForbidden(FetchError):
    """The address may not be reached (scheme, port, private network)."""


class FetchTooLarge(FetchError):
    """The body exceeds the size cap."""


class NotAFeed(FetchError):
    """The body is not a feed that can be read."""


class WorkerError(TidingsError):
    """A document took more time or memory in the worker process than it may."""


class SendError(TidingsError):
    """A message was not, or perhaps not, delivered."""


class SendLater(SendError):
    """The server wants us to wait `retry_after` seconds before anything more goes to this scope."""

    def __init__(self, retry_after: float) -> None:
        super().__init__(f"retry after {retry_after:g} s")
        self.retry_after = retry_after


class NotSent(SendError):
    """The request provably never reached the server."""


class Doubtful(SendError):
    """The request may have been carried out; no answer came."""


class MarkupRefused(SendError):
    """The server cannot parse the text's markup."""


class PictureRefused(SendError):
    """The server cannot use the picture."""


class SendRefused(SendError):
    """The server will never accept this message."""


class CannotLook(SendRefused):
    """A chat's messages cannot be looked at, for a reason of ours.

    `key` names the text that tells it to the admins, and `count` is the number in that.
    """

    def __init__(self, reason: str, key: str, count: int = 0) -> None:
        super().__init__(reason)
        self.key = key
        self.count = count


class ChatGone(SendError):
    """The chat does not want us any more."""


class ChatClosed(SendError):
    """The bot lacks the right to post there for now."""


class ChatMoved(SendError):
    """A group became a supergroup; `chat_id` is the new id."""

    def __init__(self, chat_id: int) -> None:
        super().__init__(f"chat moved to {chat_id}")
        self.chat_id = chat_id


class ModelError(TidingsError):
    """The language model gave nothing that could be used."""


class ModelBusy(ModelError):
    """The model's server is busy or stumbled: the same question may be answered the next time.

    Attributes:
        retry_after: seconds the server asks to wait, or None.
    """

    def __init__(self, reason: str, *, retry_after: int | None = None) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class AnswerRefused(ModelError):
    """The model's answer did not pass a check."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"the answer is not taken: {reason}")


class BudgetSpent(TidingsError):
    """The language model has had its calls for today."""


class TokenRefused(TidingsError):
    """The Bot API does not know the token."""


class TokenInUse(TidingsError):
    """Another process receives updates with the same token, or sends from the same database."""


class StoreUnavailable(TidingsError):
    """The database refused (disk full, locked, gone); nothing of the transaction was stored."""
