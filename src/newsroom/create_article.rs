//! Create an article.

use diesel_async::AsyncConnection;
use serde_json::json;
use uuid::Uuid;

use super::articles::{ArticleChange, WorkingCopy, require_reach};
use super::{Refusal, Result, article_content, article_placement, article_slugs};
use crate::db::articles::ArticleRow;
use crate::db::revisions::{Content, RevisionRow};
use crate::db::{self, Change, Connection, Json};
use crate::domain::actor::Act;
use crate::domain::body::BodyRules;
use crate::domain::comments_policy::CommentsPolicy;
use crate::domain::content::NamedRef;
use crate::domain::patch::Patch;
use crate::domain::workflow::State;

/// How often a slug is made anew when others take it at the same moment.
const TRIES: usize = 20;

/// Creates a draft with its first revision, under an id that is new. Without authors it is signed by the author linked to whoever acts.
///
/// # Errors
/// When a reference is unknown, the slug given is taken, or placement is not for whoever acts.
pub async fn create_article(
    conn: &mut Connection,
    act: &Act,
    rules: &BodyRules,
    id: Uuid,
    mut change: ArticleChange,
) -> Result<WorkingCopy> {
    conn.transaction(async |conn| {
        // Whoever signs is named too, so the author must stay until the article is written.
        db::taxonomy_gate::enter(conn).await?;
        let mut article = new_article(act, id);
        let mut check = std::mem::take(&mut change.check);
        article_placement::place(act, &mut article, &change)?;
        article_placement::assign(conn, &mut check, &mut article, &change.assignee).await?;
        article_placement::embargo(conn, act, &mut check, &mut article, &change.embargo_until).await?;
        let mut content = article_content::blank(String::new());
        if change.language == Patch::Absent {
            change.language = Patch::Clear;
        }
        let (slug, note) = (change.slug.clone(), change.note.take());
        if change.authors.as_set().is_none() {
            sign(conn, act, &mut article, &mut content).await?;
            change.authors = Patch::Absent;
        }
        article_content::rewrite(conn, act, rules, check, &mut article, &mut content, change).await?;
        require_reach(act, article.section_id)?;
        insert(conn, &mut article, slug.as_set().map(String::as_str)).await?;
        content.slug.clone_from(&article.slug);
        let head = RevisionRow {
            article_id: article.id,
            number: article.revision,
            content,
            note,
            autosave: false,
            created_by_id: act.user_id(),
            created_at: act.now,
        };
        db::revisions::insert(conn, &head).await?;
        let details = json!({"version": article.version, "slug": article.slug});
        let change = Change::created(&article);
        db::audit::record(conn, act, "create_article", "article", article.id, change, details).await?;
        Ok(WorkingCopy { article, head })
    })
    .await
}

/// An article that nothing is known of yet but who begins it.
pub(super) fn new_article(act: &Act, id: Uuid) -> ArticleRow {
    ArticleRow {
        id,
        slug: String::new(),
        status: State::NEW.status,
        trashed_from: None,
        stage: None,
        version: 1,
        revision: 1,
        published_revision: None,
        submitted_revision: None,
        section_id: None,
        tag_ids: Vec::new(),
        author_ids: Vec::new(),
        title: String::new(),
        breaking_until: None,
        featured: false,
        comments_policy: CommentsPolicy::default(),
        assignee_id: None,
        publish_at: None,
        unpublish_at: None,
        embargo_until: None,
        published_at: None,
        first_published_at: None,
        content_updated_at: None,
        created_by_id: act.user_id(),
        last_edited_by_id: act.user_id(),
        created_at: act.now,
        updated_at: act.now,
    }
}

async fn sign(conn: &mut Connection, act: &Act, article: &mut ArticleRow, content: &mut Content) -> Result<()> {
    if let Some(user) = act.user_id()
        && let Some(author) = db::authors::find_by_user(conn, user).await?
    {
        article.author_ids = vec![author.id];
        content.authors = Json(vec![NamedRef {
            id: author.id,
            slug: author.slug,
            name: author.name,
        }]);
    }
    Ok(())
}

/// Writes the article under the slug given, or under one made from its title: the next one if another takes it first.
async fn insert(conn: &mut Connection, article: &mut ArticleRow, given: Option<&str>) -> Result<()> {
    if let Some(given) = given {
        article.slug = article_slugs::given(conn, None, given).await?;
        return match db::articles::insert(conn, article).await? {
            true => Ok(()),
            false => Err(Refusal::SlugTaken(article.slug.clone())),
        };
    }
    for _ in 0..TRIES {
        article.slug = article_slugs::made(conn, None, &article.title).await?;
        if db::articles::insert(conn, article).await? {
            return Ok(());
        }
    }
    Err(Refusal::SlugTaken(article.slug.clone()))
}
