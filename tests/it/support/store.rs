//! Puts things before readers behind the desk's back: for tests of many articles, or of dates that the desk would not
//! give out.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use masthead::clock::new_id;
use masthead::db::published::{self, Listing, PublishedRow};
use masthead::db::schema::{articles, authors, public_slugs, sections, tags};
use masthead::db::{self, Connection, Json};
use masthead::domain::comments_policy::CommentsPolicy;
use masthead::domain::content::{Image, Seo, Source};
use serde_json::json;
use uuid::Uuid;

use super::TestApp;
use super::app::start_of_tests;

/// A published article to be.
#[derive(Clone)]
pub struct Story {
    pub row: PublishedRow,
    section: Option<&'static str>,
    tags: Vec<&'static str>,
    authors: Vec<&'static str>,
}

/// An article about nothing, published when the tests begin.
pub fn story(slug: &str) -> Story {
    let at = start_of_tests();
    let row = PublishedRow {
        id: new_id(at),
        revision: 1,
        slug: slug.to_owned(),
        kicker: None,
        title: format!("The title of {slug}"),
        standfirst: None,
        language: "en".to_owned(),
        dateline: None,
        section_id: None,
        hero: None,
        published_at: at,
        first_published_at: at,
        content_updated_at: at,
        breaking_until: None,
        featured: false,
        comments_policy: CommentsPolicy::Site,
        word_count: 2,
        reading_time_minutes: 1,
        body_html: "<p>Two words.</p>".to_owned(),
        outline: Json(json!([])),
        parts: Json(json!([])),
        blocks: Json(json!([])),
        body_text: "Two words.".to_owned(),
        sources: Json(Vec::new()),
        related: Vec::new(),
        seo: Json(Seo::default()),
        listing: Listing::default(),
    };
    Story {
        row,
        section: None,
        tags: Vec::new(),
        authors: Vec::new(),
    }
}

impl Story {
    /// In this section.
    pub fn section(mut self, slug: &'static str) -> Self {
        self.section = Some(slug);
        self
    }

    pub fn tags(mut self, slugs: &[&'static str]) -> Self {
        self.tags = slugs.to_vec();
        self
    }

    pub fn authors(mut self, slugs: &[&'static str]) -> Self {
        self.authors = slugs.to_vec();
        self
    }

    /// Date line and last change this many hours after the tests begin.
    pub fn hours(mut self, published: i64, updated: i64) -> Self {
        let at = |hours| start_of_tests() + TimeDelta::hours(hours);
        self.row.published_at = at(published);
        self.row.first_published_at = at(published);
        self.row.content_updated_at = at(updated);
        self
    }

    /// Changed as a whole.
    pub fn with(mut self, change: impl FnOnce(&mut PublishedRow)) -> Self {
        change(&mut self.row);
        self
    }
}

impl TestApp {
    /// Makes a section below another, or at the root.
    pub async fn section(&self, slug: &str, parent: Option<&str>) -> Uuid {
        let mut body = json!({"name": slug, "slug": slug});
        if let Some(parent) = parent {
            body["parent"] = json!(parent);
        }
        let made = self
            .editor()
            .await
            .post("/api/v1/desk/sections", body)
            .await
            .expect(201);
        made.id().parse().unwrap()
    }

    /// Publishes a story. Its section must be there; tags and authors are made when they are not.
    pub async fn publish(&self, story: Story) -> Uuid {
        let mut conn = self.conn().await;
        let mut row = story.row;
        let listing = &mut row.listing;
        if let Some(slug) = story.section {
            let (id, parent) = section_named(&mut conn, slug).await;
            row.section_id = Some(id);
            listing.sections.push(id);
            let mut above = parent;
            while let Some(id) = above {
                listing.sections.push(id);
                let parent = sections::table.find(id).select(sections::parent_id);
                above = parent.first(&mut conn).await.unwrap();
            }
        }
        for slug in story.tags {
            listing.tags.push(tag_named(&mut conn, slug).await);
        }
        for slug in story.authors {
            listing.authors.push(author_named(&mut conn, slug).await);
        }
        write_article(&mut conn, &row).await;
        let before = published::remove(&mut conn, row.id).await.unwrap();
        published::put(&conn, &row).await.unwrap();
        db::counts::relisted(&mut conn, &before, &row.listing).await.unwrap();
        self.told().await;
        row.id
    }

    /// Takes a story away.
    pub async fn withdraw(&self, id: Uuid) {
        let mut conn = self.conn().await;
        let before = published::remove(&mut conn, id).await.unwrap();
        db::counts::relisted(&mut conn, &before, &Listing::default())
            .await
            .unwrap();
        diesel::update(articles::table.find(id))
            .set((
                articles::status.eq("unpublished"),
                articles::published_revision.eq(None::<i32>),
            ))
            .execute(&mut conn)
            .await
            .unwrap();
        self.told().await;
    }
}

async fn section_named(conn: &mut Connection, slug: &str) -> (Uuid, Option<Uuid>) {
    sections::table
        .filter(sections::slug.eq(slug))
        .select((sections::id, sections::parent_id))
        .first(conn)
        .await
        .unwrap()
}

async fn tag_named(conn: &mut Connection, slug: &str) -> Uuid {
    let at = start_of_tests();
    let row = (
        tags::id.eq(new_id(at)),
        tags::slug.eq(slug),
        tags::name.eq(slug.to_uppercase()),
        tags::kind.eq("topic"),
        tags::version.eq(1),
        tags::created_at.eq(at),
        tags::updated_at.eq(at),
    );
    diesel::insert_into(tags::table)
        .values(row)
        .on_conflict_do_nothing()
        .execute(conn)
        .await
        .unwrap();
    tags::table
        .filter(tags::slug.eq(slug))
        .select(tags::id)
        .first(conn)
        .await
        .unwrap()
}

async fn author_named(conn: &mut Connection, slug: &str) -> Uuid {
    let at = start_of_tests();
    let row = (
        authors::id.eq(new_id(at)),
        authors::slug.eq(slug),
        authors::name.eq(slug.to_uppercase()),
        authors::kind.eq("person"),
        authors::links.eq(json!([])),
        authors::version.eq(1),
        authors::created_at.eq(at),
        authors::updated_at.eq(at),
    );
    diesel::insert_into(authors::table)
        .values(row)
        .on_conflict_do_nothing()
        .execute(conn)
        .await
        .unwrap();
    authors::table
        .filter(authors::slug.eq(slug))
        .select(authors::id)
        .first(conn)
        .await
        .unwrap()
}

/// The desk's side of a published article: no more than the readers' side needs.
async fn write_article(conn: &mut Connection, row: &PublishedRow) {
    let desk = (
        articles::id.eq(row.id),
        articles::slug.eq(&row.slug),
        articles::status.eq("published"),
        articles::version.eq(1),
        articles::revision.eq(1),
        articles::published_revision.eq(Some(1)),
        articles::tag_ids.eq(Vec::<Uuid>::new()),
        articles::author_ids.eq(Vec::<Uuid>::new()),
        articles::title.eq(&row.title),
        articles::featured.eq(row.featured),
        articles::comments_policy.eq(row.comments_policy),
        articles::created_at.eq(row.published_at),
        articles::updated_at.eq(row.published_at),
    );
    diesel::insert_into(articles::table)
        .values(desk)
        .on_conflict_do_nothing()
        .execute(conn)
        .await
        .unwrap();
    diesel::insert_into(public_slugs::table)
        .values((
            public_slugs::slug.eq(&row.slug),
            public_slugs::article_id.eq(row.id),
            public_slugs::created_at.eq(row.published_at),
        ))
        .on_conflict_do_nothing()
        .execute(conn)
        .await
        .unwrap();
}

/// A picture known by address.
pub fn picture(url: &str) -> Image {
    Image {
        id: None,
        url: url.to_owned(),
        alt: Some("A picture".to_owned()),
        caption: None,
        credit: None,
        width: Some(1200),
        height: Some(800),
        focal_point: None,
        variants: Vec::new(),
    }
}

pub fn source(name: &str, url: &str) -> Source {
    Source {
        name: name.to_owned(),
        url: Some(url.to_owned()),
        note: None,
    }
}

/// This many hours after the tests begin.
pub fn hours(hours: i64) -> DateTime<Utc> {
    start_of_tests() + TimeDelta::hours(hours)
}
