"""A day in a newsroom with the generated Python client: sign in, write, publish, read, comment, change, take away."""

import os
from uuid import UUID

from masthead_client import AuthenticatedClient, Client
from masthead_client.api.articles import get_article, list_articles
from masthead_client.api.auth import login
from masthead_client.api.comments import create_comment, list_comments
from masthead_client.api.desk_articles import create_article, delete_article, update_article
from masthead_client.api.desk_comments import approve_comment
from masthead_client.api.desk_sections import create_section, delete_section
from masthead_client.api.desk_tags import create_tag, delete_tag
from masthead_client.api.desk_workflow import publish_article, unpublish_article
from masthead_client.models import (
    ArticlePatch,
    BodyInput,
    GetArticleFormatsItem,
    Login,
    NewArticle,
    NewComment,
    NewSection,
    NewTag,
    ParagraphBlock,
    Problem,
)

BASE = os.environ["CONTRACT_BASE"]


def done(answer, status):
    """What was answered, with the status that it should have."""
    assert answer.status_code == status, f"{answer.status_code}, not {status}: {answer.content[:500]}"
    return answer.parsed


reader = Client(base_url=BASE, raise_on_unexpected_status=True)
signed_in = done(login.sync_detailed(client=reader, body=Login("editor@demo.local", "masthead-demo")), 200)
desk = AuthenticatedClient(base_url=BASE, token=signed_in.access_token, raise_on_unexpected_status=True)

section = done(create_section.sync_detailed(client=desk, body=NewSection(name="Python Weather")), 201)
tag = done(create_tag.sync_detailed(client=desk, body=NewTag(name="Python fog")), 201)
draft = NewArticle(
    title="Fog closes the strait, says Python",
    section=section.slug,
    tags=[tag.slug],
    authors=["ana-lima"],
    body=BodyInput(source="No ferry sailed.\n\n## Why\n\nNobody saw the pier.", format_="markdown"),
)
created = create_article.sync_detailed(client=desk, body=draft)
article = done(created, 201)
read = get_article.sync_detailed(article.slug, client=reader)
assert isinstance(done(read, 404), Problem) and read.parsed.code == "not_found"

published = publish_article.sync_detailed(article.id, client=desk, if_match=created.headers["etag"])
assert done(published, 200).status == "published"
read = get_article.sync_detailed(article.slug, client=reader, formats=[GetArticleFormatsItem.BLOCKS])
read = done(read, 200)
assert read.title == article.title and read.section.slug == section.slug and read.tags[0].slug == tag.slug
assert isinstance(read.body.blocks[0], ParagraphBlock), read.body.blocks
found = done(list_articles.sync_detailed(client=reader, tag=[tag.slug]), 200)
assert [card.id for card in found.data] == [article.id] and found.page.next_cursor is None

comment = NewComment(body="At last!", author_name="Mara", author_email="mara@readers.example")
comment = done(create_comment.sync_detailed(article.slug, client=reader, body=comment), 201)
assert isinstance(comment.id, UUID) and comment.status == "pending"
done(approve_comment.sync_detailed(comment.id, client=desk), 200)
thread = done(list_comments.sync_detailed(article.slug, client=reader), 200)
assert [one.id for one in thread.data] == [comment.id]

change = ArticlePatch(standfirst="The ferries wait.", kicker=None)
stale = update_article.sync_detailed(article.id, client=desk, body=change, if_match=created.headers["etag"])
assert done(stale, 412).code == "version_conflict"
changed = update_article.sync_detailed(article.id, client=desk, body=change, if_match=published.headers["etag"])
assert done(changed, 200).standfirst == "The ferries wait." and changed.parsed.has_unpublished_changes

withdrawn = unpublish_article.sync_detailed(article.id, client=desk, if_match=changed.headers["etag"])
done(withdrawn, 200)
trashed = delete_article.sync_detailed(article.id, client=desk, if_match=withdrawn.headers["etag"])
done(trashed, 204)
done(get_article.sync_detailed(article.slug, client=reader), 404)
admin = done(login.sync_detailed(client=reader, body=Login("admin@demo.local", "masthead-demo")), 200)
admin = AuthenticatedClient(base_url=BASE, token=admin.access_token, raise_on_unexpected_status=True)
done(delete_article.sync_detailed(article.id, client=admin, if_match="*", purge=True), 204)
done(delete_tag.sync_detailed(str(tag.id), client=desk), 204)
done(delete_section.sync_detailed(str(section.id), client=desk), 204)
print("the Python client did its day")
