//! The small structured values as editors write them, and their checks.

use serde::Deserialize;
use utoipa::ToSchema;

use crate::domain::check::{Check, FieldError};
use crate::domain::content::{FocalPoint, Image, Link, SeoChange};
use crate::domain::patch::Patch;

/// A picture, by its `https` address.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ImageInput {
    #[schema(format = "uri", max_length = 2048)]
    pub url: String,
    /// What the picture shows, for those who cannot see it.
    #[schema(max_length = 500)]
    pub alt: Option<String>,
    #[schema(max_length = 1000)]
    pub caption: Option<String>,
    #[schema(max_length = 200)]
    pub credit: Option<String>,
    /// In pixels.
    #[schema(minimum = 1, maximum = 50000)]
    pub width: Option<i32>,
    /// In pixels.
    #[schema(minimum = 1, maximum = 50000)]
    pub height: Option<i32>,
    pub focal_point: Option<FocalPoint>,
}

impl ImageInput {
    /// Checks it; `at` is the pointer to it.
    pub fn check(self, check: &mut Check, at: &str) -> Image {
        if let Some(point) = &self.focal_point {
            for (axis, value) in [("x", point.x), ("y", point.y)] {
                if !(0.0..=1.0).contains(&value) {
                    let pointer = format!("{at}/focal_point/{axis}");
                    check.refuse(FieldError::field(pointer, "out_of_range", "must be 0 to 1"));
                }
            }
        }
        Image {
            id: None,
            url: check.https(&format!("{at}/url"), &self.url),
            alt: check.optional_line(&format!("{at}/alt"), self.alt.as_deref(), 500),
            caption: check.optional_line(&format!("{at}/caption"), self.caption.as_deref(), 1000),
            credit: check.optional_line(&format!("{at}/credit"), self.credit.as_deref(), 200),
            width: self
                .width
                .map(|width| check.range(&format!("{at}/width"), width, 1, 50_000)),
            height: self
                .height
                .map(|height| check.range(&format!("{at}/height"), height, 1, 50_000)),
            focal_point: self.focal_point,
            variants: Vec::new(),
        }
    }
}

/// What search engines and social networks are told. In a PATCH, what is left out stays and `null` clears.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SeoInput {
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 200)]
    pub title: Patch<String>,
    /// The meta description.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 500)]
    pub description: Patch<String>,
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "uri", max_length = 2048)]
    pub canonical_url: Patch<String>,
    #[serde(default)]
    #[schema(value_type = Option<ImageInput>)]
    pub image: Patch<ImageInput>,
}

impl SeoInput {
    /// Checks it; `at` is the pointer to it.
    pub fn check(self, check: &mut Check, at: &str) -> SeoChange {
        SeoChange {
            title: self.title.map(|title| check.line(&format!("{at}/title"), &title, 200)),
            description: self
                .description
                .map(|text| check.line(&format!("{at}/description"), &text, 500)),
            canonical_url: self
                .canonical_url
                .map(|url| check.link(&format!("{at}/canonical_url"), &url)),
            image: self.image.map(|image| image.check(check, &format!("{at}/image"))),
        }
    }
}

/// A link with a name.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LinkInput {
    #[schema(min_length = 1, max_length = 100)]
    pub label: String,
    /// An `https` or `http` address.
    #[schema(format = "uri", max_length = 2048)]
    pub url: String,
}

/// The most links in a list.
const MAX_LINKS: usize = 20;

/// Checks a list of links; `at` is the pointer to it.
pub fn links(check: &mut Check, at: &str, given: Vec<LinkInput>) -> Vec<Link> {
    check.at_most(at, &given, MAX_LINKS);
    let given = given.into_iter().take(MAX_LINKS).enumerate();
    given
        .map(|(place, link)| Link {
            label: check.line(&format!("{at}/{place}/label"), &link.label, 100),
            url: check.link(&format!("{at}/{place}/url"), &link.url),
        })
        .collect()
}
