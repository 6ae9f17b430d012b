//! The big newsroom's people, sections, tags and authors, and how often each is drawn.

use uuid::Uuid;

use super::words::{Words, Zipf};
use super::{DemoError, Tools};
use crate::db::{self, Connection};
use crate::demo::EDITOR;
use crate::demo::content::{Author, Content, Section, Tag};
use crate::demo::load;
use crate::domain::actor::Actor;
use crate::domain::content::NamedRef;
use crate::domain::taxonomy::{AuthorKind, TagKind};

/// Sections, each behind the one that it lies below.
const SECTIONS: [(&str, Option<&str>); 10] = [
    ("World", None),
    ("Politics", None),
    ("Business", None),
    ("Sport", None),
    ("Culture", None),
    ("Science", None),
    ("Europe", Some("world")),
    ("Asia", Some("world")),
    ("Markets", Some("business")),
    ("Football", Some("sport")),
];
pub(super) const TAGS: u16 = 200;
pub(super) const AUTHORS: u16 = 40;
/// People who comment.
const READERS: usize = 2_000;

/// What articles are made with.
pub(super) struct Paper {
    pub words: Words,
    pub editor: Option<Actor>,
    /// Each with itself and those above it.
    pub sections: Vec<(NamedRef, Vec<Uuid>)>,
    pub tags: Vec<NamedRef>,
    pub authors: Vec<NamedRef>,
    /// Name and keyed hash of the e-mail address.
    pub readers: Vec<(String, Vec<u8>)>,
    pub section: Zipf,
    pub tag: Zipf,
    pub author: Zipf,
}

impl Paper {
    /// Founds the paper: writes all this, within a transaction.
    pub async fn found(conn: &mut Connection, tools: &Tools<'_>) -> Result<Self, DemoError> {
        let words = Words::new();
        let content = content(&words)?;
        load::write(conn, tools, &content).await?;
        let editor = db::users::find_by_email(conn, EDITOR).await?;
        let editor = editor.map(|user| Actor::Account(user.account(Uuid::nil())));
        let mut sections = Vec::new();
        let rows = db::sections::lock_all(conn).await?;
        for section in &content.sections {
            let Some(row) = rows.iter().find(|row| row.slug == section.slug) else {
                continue;
            };
            let lineage = db::sections::lineage(conn, row.id).await?;
            sections.push((named(row.id, &row.slug, &row.name), lineage));
        }
        let mut tags = Vec::new();
        for tag in &content.tags {
            let found = db::tags::find_by_slug(conn, &tag.slug).await?;
            tags.extend(found.map(|found| named(found.tag.id, &found.tag.slug, &found.tag.name)));
        }
        let mut authors = Vec::new();
        for author in &content.authors {
            let found = db::authors::find_by_slug(conn, &author.slug).await?;
            authors.extend(found.map(|found| named(found.author.id, &found.author.slug, &found.author.name)));
        }
        let readers = (0..READERS).map(|number| {
            let name = full_name(&words, usize::from(AUTHORS) + number);
            let hash = (tools.hash_email)(&format!("reader-{number}@demo.local"));
            (name, hash)
        });
        Ok(Self {
            readers: readers.collect(),
            words,
            editor,
            sections,
            tags,
            authors,
            section: Zipf::below(u16::try_from(SECTIONS.len()).unwrap_or(u16::MAX)),
            tag: Zipf::below(TAGS),
            author: Zipf::below(AUTHORS),
        })
    }
}

/// The demonstration's own site and people, with other sections, tags and authors, and no articles.
fn content(words: &Words) -> Result<Content, DemoError> {
    let sections = (0..).zip(SECTIONS).map(|(position, (name, parent))| Section {
        slug: name.to_lowercase(),
        name: name.to_owned(),
        description: format!("All about {name}"),
        parent: parent.map(str::to_owned),
        position,
    });
    let kinds = [TagKind::Topic, TagKind::Person, TagKind::Place, TagKind::Organisation];
    let tags = (0..usize::from(TAGS))
        .zip(kinds.into_iter().cycle())
        .map(|(number, kind)| {
            let name = words.name(number);
            Tag {
                slug: name.to_lowercase(),
                description: format!("All about {name}"),
                name,
                kind,
            }
        });
    let authors = (0..usize::from(AUTHORS)).map(|number| {
        let name = full_name(words, number);
        Author {
            slug: name.to_lowercase().replace(' ', "-"),
            bio: format!("{name} writes."),
            name,
            kind: AuthorKind::Person,
            links: Vec::new(),
            user: None,
        }
    });
    Ok(Content {
        sections: sections.collect(),
        tags: tags.collect(),
        authors: authors.collect(),
        articles: Vec::new(),
        comments: Vec::new(),
        ..Content::read()?
    })
}

fn full_name(words: &Words, number: usize) -> String {
    let first = [
        "Ada", "Bela", "Cyra", "Dov", "Edda", "Finn", "Gita", "Hugo", "Ines", "Jovan",
    ];
    let first = first.get(number % first.len()).copied().unwrap_or_default();
    format!("{first} {}", words.name(1_000 + number))
}

fn named(id: Uuid, slug: &str, name: &str) -> NamedRef {
    NamedRef {
        id,
        slug: slug.to_owned(),
        name: name.to_owned(),
    }
}
