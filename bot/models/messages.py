"""What is sent to a chat."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Button:
    """An inline button: `data` comes back when it is pressed (at most 64 bytes), or `url` is opened."""

    text: str
    data: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent to a chat.

    Attributes:
        html: Telegram HTML, within the limits after parsing.
        plain: the same without markup, for when the markup is refused.
        buttons: rows of inline buttons.
        link: the article's link; a doubtful post is recognised by it.
        preview_url: shown as a large link preview; '' for none.
        preview_above: the preview stands above the text.
        photo: URL, or Telegram's own id, of a picture to send as a photo with `html` as its caption, or None.
        upload: the file of such a picture, or None; it goes before `photo`.
        silent: delivered without a sound.
    """

    html: str
    plain: str
    buttons: tuple[tuple[Button, ...], ...] = ()
    link: str = ""
    preview_url: str = ""
    photo: str | None = None
    silent: bool = False
    preview_above: bool = False
    upload: bytes | None = field(default=None, repr=False)
