"""Rows of the database as our values: the columns to ask for, and what becomes of them."""

import json
from dataclasses import replace

from bot.models import Article, Post, PostState
from bot.store.database import Connection, Row

ARTICLE_COLUMNS = (
    "article.id, article.feed_id, article.link, article.headline, article.summary, article.published, article.source,"
    " article.language, article.categories, article.image, article.updated_at, article.photo_id, article.also,"
    " article.author, LENGTH(article.body)"
)


POST_COLUMNS = (
    "post.id, post.chat_id, post.thread_id, post.state, post.due_at, post.attempts, post.plain, post.base_id,"
    " post.sending_at, post.message_id, post.form, post.edits, post.rung, article.revision, post.group_id"
)

POST_WIDTH = len(POST_COLUMNS.split(","))
GROUP = POST_WIDTH - 1


def whole_post(connection: Connection, row: Row) -> Post:
    """A post, with the articles of its burst."""
    post = post_from_row(row)
    if row[GROUP] is None:
        return post
    rows = connection.rows(
        f"SELECT {ARTICLE_COLUMNS} FROM post JOIN article ON article.id = post.article_id"
        " WHERE post.group_id = ? ORDER BY post.id",
        (row[GROUP],),
    )
    return replace(post, folded=tuple(article_from_row(row) for row in rows))


def post_from_row(row: Row) -> Post:
    """Build a post from the columns of `POST_COLUMNS` and `ARTICLE_COLUMNS`, without the articles of its burst."""
    return Post(
        id=row[0],
        chat_id=row[1],
        thread_id=row[2],
        state=PostState(row[3]),
        due_at=row[4],
        attempts=row[5],
        plain=bool(row[6]),
        base_id=row[7],
        sending_at=row[8],
        message_id=row[9],
        form=row[10],
        edits=row[11],
        rung=row[12],
        revision=row[13],
        article=article_from_row(row[POST_WIDTH:]),
    )


def article_from_row(row: Row) -> Article:
    """Build an article from the columns of `ARTICLE_COLUMNS`."""
    return Article(
        id=row[0],
        feed_id=row[1],
        link=row[2],
        headline=row[3],
        summary=row[4],
        published=row[5],
        source=row[6],
        language=row[7],
        categories=tuple(json.loads(row[8])),
        image=row[9],
        updated_at=row[10],
        photo_id=row[11],
        also=tuple(json.loads(row[12])),
        author=row[13],
        characters=row[14],
    )
