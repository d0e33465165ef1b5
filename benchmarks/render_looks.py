"""Renders the pictures of README's 'look of a post': posts made by the program, shown as Telegram shows them.

Needs Chromium: `PYTHONPATH=. python benchmarks/render_looks.py [path of chromium]`, from the root of the repository.
"""

import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from PIL import Image

from bot.format import post_message
from bot.i18n import phrases
from bot.models import Article
from bot.post_template import DEFAULT, read_template
from bot.post_text import Look, minutes_to_read, runs_right_to_left

DOCS = Path(__file__).resolve().parent.parent / "docs"
COMPACT = '<b><a href="{link}">{headline}</a></b>\n<i>{source} · {date}</i>'
WIDTH, HEIGHT, SCALE = 420, 520, 2

PORT = Article(
    id=1,
    feed_id=1,
    link="https://harbour.example/storm",
    headline="Storm keeps the ferries in port until Friday",
    summary="No ferry will leave the outer harbour before Friday morning, the port office said on Wednesday, after a"
    " storm tore two mooring lines and pushed the swell over the breakwater. Nobody was hurt.",
    published=1_768_384_800,
    source="The Harbour Gazette",
    language="en",
    categories=("Weather", "Ferries"),
    characters=3_400,
)
OVEN = Article(
    id=2,
    feed_id=1,
    link="https://mina.example/oven",
    headline="فرن يعمل بالشمس يطعم حيّ الصيادين",
    summary="افتتح أهالي حيّ الصيادين صباح اليوم فرنًا جماعيًا يعمل بالطاقة الشمسية، ويخبز نحو تسعمئة رغيف"
    " في اليوم. وقالت البلدية إن الفرن الثاني سيُبنى قبل الصيف.",
    published=1_768_384_800,
    source="جريدة الميناء",
    language="ar",
    categories=("مجتمع", "طاقة متجددة"),
    characters=2_300,
)

PAGE = """<!doctype html><meta charset="utf-8"><style>
html {{ background: #fff }}
body {{ margin: 0; width: {width}px; font: 15px/1.36 "Noto Sans", "Noto Sans Arabic", sans-serif; color: #0f1419 }}
#wall {{ padding: 14px 16px; background: linear-gradient(135deg, #cfdcb4, #a9c7a3 60%, #93b8a8) }}
#post {{ background: #fff; border-radius: 14px 14px 14px 4px; padding: 8px 12px 6px; box-shadow: 0 1px 1px #0002 }}
#name {{ color: #c2553d; font-weight: 600; font-size: 14px; margin-bottom: 2px }}
#text {{ white-space: pre-wrap; unicode-bidi: plaintext; text-align: start }}
a, .tag {{ color: #2a7fc1; text-decoration: none }}
#seen {{ color: #8a97a0; font-size: 12px; text-align: right; margin-top: 2px }}
</style><div id="wall"><div id="post"><div id="name" dir="auto">{channel}</div>
<div id="text" dir="{direction}">{text}</div>
<div id="seen">{views} · 10:04</div></div></div>"""


def page(article: Article, template: str, language: str, channel: str, views: str) -> str:
    """Return the HTML of one post on a wall."""
    speak = phrases(language)
    look = Look(
        template=read_template(template),
        reading_time=speak.count("reading_time", minutes_to_read(article)),
        date=speak.day(datetime.fromtimestamp(article.published, UTC)),
    )
    html = post_message(article, look=look).html
    lines = [
        f'<span class="tag">{line}</span>' if line.lstrip("\u200e\u200f").startswith("#") else line
        for line in html.split("\n")
    ]
    direction = "rtl" if runs_right_to_left(article) else "ltr"
    return PAGE.format(width=WIDTH, channel=channel, direction=direction, text="\n".join(lines), views=views)


def render(chromium: str, html: str, target: Path) -> None:
    """Take a picture of a page, cut to what is on it."""
    with tempfile.TemporaryDirectory() as folder:
        source, shot = Path(folder, "page.html"), Path(folder, "shot.png")
        source.write_text(html, encoding="utf-8")
        flags = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-background-networking",
            "--hide-scrollbars",
            f"--user-data-dir={folder}/profile",
            f"--force-device-scale-factor={SCALE}",
            f"--window-size={WIDTH},{HEIGHT}",
            f"--screenshot={shot}",
        ]
        subprocess.run([chromium, *flags, source.as_uri()], check=True, capture_output=True, timeout=60)
        picture = Image.open(shot).convert("RGB")
        white = (255, 255, 255)
        bottom = max(row for row in range(picture.height) if picture.getpixel((2, row)) != white)
        picture.crop((0, 0, WIDTH * SCALE, bottom + 1)).quantize(128).save(target, optimize=True)


def main() -> None:
    """Render all three."""
    chromium = sys.argv[1] if len(sys.argv) > 1 else "chromium"
    render(chromium, page(PORT, DEFAULT, "en", "Harbour News", "4.2K"), DOCS / "look-default.png")
    render(chromium, page(PORT, COMPACT, "en", "Harbour News", "4.2K"), DOCS / "look-compact.png")
    render(chromium, page(OVEN, DEFAULT, "ar", "أخبار الميناء", "1.8K"), DOCS / "look-arabic.png")


if __name__ == "__main__":
    main()
