//! What `GET /articles` takes: which articles, in which order, which page.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::api::page::{Cursors, Window};
use crate::db::published::lists::{ListFilter, Position, PublishedSort};
use crate::domain::check::FieldError;
use crate::domain::id_or_slug::IdOrSlug;
use crate::domain::instant::Instant;
use crate::error::{Code, Error, Result};

/// Entries of one parameter at most.
const MAX_VALUES: usize = 100;

/// Declares what a list of articles takes: the filters that every such list knows, and what is its own.
macro_rules! with_filters {
    ($(#[$meta:meta])* pub struct $name:ident { $($(#[$field_meta:meta])* $field:ident: $type:ty),* $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, serde::Deserialize, utoipa::IntoParams)]
        #[serde(deny_unknown_fields)]
        #[into_params(parameter_in = Query)]
        pub struct $name {
            /// In one of these sections or below it: slugs or ids.
            #[param(max_items = 100)]
            section: Option<Vec<String>>,
            /// With one of these tags: slugs or ids.
            #[param(max_items = 100)]
            tag: Option<Vec<String>>,
            /// With each of these tags: slugs or ids.
            #[param(max_items = 100)]
            tag_all: Option<Vec<String>>,
            /// By one of these authors: slugs or ids.
            #[param(max_items = 100)]
            author: Option<Vec<String>>,
            /// With one of these kickers, as they are written.
            #[param(max_items = 100)]
            kicker: Option<Vec<String>>,
            /// Whether it is breaking news at this moment.
            breaking: Option<bool>,
            /// Whether an editor features it.
            featured: Option<bool>,
            /// In one of these languages: BCP 47 tags.
            #[param(max_items = 100)]
            language: Option<Vec<String>>,
            /// Date line at this instant or later: RFC 3339 with an offset.
            #[param(value_type = Option<DateTime<Utc>>)]
            published_after: Option<Instant>,
            /// Date line before this instant: RFC 3339 with an offset.
            #[param(value_type = Option<DateTime<Utc>>)]
            published_before: Option<Instant>,
            /// None of these.
            #[param(max_items = 100)]
            exclude_ids: Option<Vec<Uuid>>,
            $($(#[$field_meta])* $field: $type,)*
        }

        impl $name {
            /// The filters, checked; they are gone from it then.
            fn filters(&mut self) -> $crate::error::Result<$crate::api::delivery::articles::query::Filters> {
                use $crate::api::delivery::articles::query::{Filters, names, set};
                use $crate::db::published::lists::ListFilter;

                Ok(Filters {
                    breaking: self.breaking,
                    timeless: ListFilter {
                        sections: names("section", self.section.take())?,
                        tags: names("tag", self.tag.take())?,
                        tags_all: names("tag_all", self.tag_all.take())?.unwrap_or_default(),
                        authors: names("author", self.author.take())?,
                        kickers: set("kicker", self.kicker.take())?,
                        languages: set("language", self.language.take())?,
                        featured: self.featured,
                        published_from: self.published_after.as_ref().map(|instant| instant.0),
                        published_before: self.published_before.as_ref().map(|instant| instant.0),
                        exclude: set("exclude_ids", self.exclude_ids.take())?.unwrap_or_default(),
                        breaking: None
                    },
                })
            }
        }
    };
}

pub(in crate::api::delivery) use with_filters;

with_filters! {
    /// What `GET /articles` takes. Lists are written `tag=a,b` or `tag=a&tag=b`.
    pub struct ArticleQuery {
        /// Exactly these, in this order; those that are not published are left out. Takes no other parameter but `slugs`.
        #[param(max_items = 100)]
        ids: Option<Vec<Uuid>>,
        /// Exactly these, in this order, behind those of `ids`; those that are not published are left out.
        #[param(max_items = 100)]
        slugs: Option<Vec<String>>,
        /// `-published_at` unless given.
        #[param(inline)]
        sort: Option<PublishedSort>,
        /// The `next_cursor` of the page before.
        cursor: Option<String>,
        /// 20 unless given.
        #[param(minimum = 1, maximum = 100)]
        limit: Option<u32>,
        /// Also count, to 10,000.
        with_total: Option<bool>,
    }
}

/// What was asked for.
#[derive(Debug)]
pub enum Asked {
    /// These and no others.
    These { ids: Vec<Uuid>, slugs: Vec<String> },
    /// A page of a list.
    Page(Box<PageAsked>),
}

impl Asked {
    /// How many articles that may be.
    pub fn most(&self) -> u32 {
        match self {
            Self::These { ids, slugs } => u32::try_from(ids.len() + slugs.len()).unwrap_or(u32::MAX),
            Self::Page(asked) => asked.window.limit,
        }
    }
}

/// A page of a list.
#[derive(Debug)]
pub struct PageAsked {
    pub filters: Filters,
    pub sort: PublishedSort,
    pub window: Window<Position>,
    pub with_total: bool,
}

/// Which articles are on a list, as the caller named them.
#[derive(Debug)]
pub struct Filters {
    pub(in crate::api::delivery) breaking: Option<bool>,
    /// All but what is breaking news, which depends on when that is asked.
    pub(in crate::api::delivery) timeless: ListFilter,
}

impl ArticleQuery {
    /// Checks what was asked for.
    ///
    /// # Errors
    /// 400 when parameters contradict each other, name too much or nothing, or the cursor is another query's.
    pub fn read(mut self, cursors: &Cursors) -> Result<Asked> {
        let (ids, slugs) = (values("ids", self.ids.take())?, values("slugs", self.slugs.take())?);
        let filters = self.filters()?;
        if ids.is_some() || slugs.is_some() {
            let paging = [
                ("sort", self.sort.is_some()),
                ("cursor", self.cursor.is_some()),
                ("limit", self.limit.is_some()),
                ("with_total", self.with_total.is_some()),
            ];
            let mut others = filters.given().into_iter().chain(paging);
            if let Some((other, _)) = others.find(|(_, given)| *given) {
                let message = "cannot be used with `ids` or `slugs`, which name the articles themselves";
                return Err(refuse(other, "conflicting", message.to_owned()));
            }
            let (ids, slugs) = (ids.unwrap_or_default(), slugs.unwrap_or_default());
            return Ok(Asked::These { ids, slugs });
        }
        let sort = self.sort.unwrap_or_default();
        // In one form, however it was written: a cursor belongs to the question.
        let scope = format!("articles {sort} {filters:?}");
        Ok(Asked::Page(Box::new(PageAsked {
            window: Window::read(cursors, scope, self.limit, self.cursor.as_deref())?,
            filters,
            sort,
            with_total: self.with_total.unwrap_or_default(),
        })))
    }
}

impl Filters {
    fn given(&self) -> [(&'static str, bool); 11] {
        [
            ("section", self.timeless.sections.is_some()),
            ("tag", self.timeless.tags.is_some()),
            ("tag_all", !self.timeless.tags_all.is_empty()),
            ("author", self.timeless.authors.is_some()),
            ("kicker", self.timeless.kickers.is_some()),
            ("breaking", self.breaking.is_some()),
            ("featured", self.timeless.featured.is_some()),
            ("language", self.timeless.languages.is_some()),
            ("published_after", self.timeless.published_from.is_some()),
            ("published_before", self.timeless.published_before.is_some()),
            ("exclude_ids", !self.timeless.exclude.is_empty()),
        ]
    }

    /// What they ask for at this instant.
    #[must_use]
    pub fn at(&self, now: DateTime<Utc>) -> ListFilter {
        ListFilter {
            breaking: self.breaking.map(|breaking| (breaking, now)),
            ..self.timeless.clone()
        }
    }
}

/// The values of a list parameter: 1 to 100.
fn values<T>(name: &str, given: Option<Vec<T>>) -> Result<Option<Vec<T>>> {
    match &given {
        Some(values) if values.is_empty() => Err(refuse(
            name,
            "blank",
            "must name at least one, or be left out".to_owned(),
        )),
        Some(values) if values.len() > MAX_VALUES => {
            let message = format!("must name at most {MAX_VALUES}, {} given", values.len());
            Err(refuse(name, "too_many", message))
        }
        _ => Ok(given),
    }
}

/// The values of a list parameter whose order means nothing.
pub(in crate::api::delivery) fn set<T: Ord>(name: &str, given: Option<Vec<T>>) -> Result<Option<Vec<T>>> {
    let mut given = values(name, given)?;
    if let Some(values) = &mut given {
        values.sort_unstable();
        values.dedup();
    }
    Ok(given)
}

/// The names of a list parameter: slugs or ids.
pub(in crate::api::delivery) fn names(name: &str, given: Option<Vec<String>>) -> Result<Option<Vec<IdOrSlug>>> {
    let named = |given: Vec<String>| given.iter().map(|name| IdOrSlug::from(name.as_str())).collect();
    Ok(set(name, given)?.map(named))
}

pub(in crate::api::delivery) fn refuse(parameter: &str, code: &str, message: String) -> Error {
    Error::parameter(Code::InvalidParameter, FieldError::parameter(parameter, code, message))
}
