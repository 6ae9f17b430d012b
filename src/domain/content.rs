//! The small structured values of content and site: kept as JSON in the database, shown as they are.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::patch::Patch;

/// A picture.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Image {
    /// The picture's id in the media library; `null` while it is known by address only.
    #[schema(required)]
    pub id: Option<Uuid>,
    /// An `https` address.
    #[schema(format = "uri", max_length = 2048)]
    pub url: String,
    /// What the picture shows, for those who cannot see it.
    #[schema(required, max_length = 500)]
    pub alt: Option<String>,
    #[schema(required, max_length = 1000)]
    pub caption: Option<String>,
    #[schema(required, max_length = 200)]
    pub credit: Option<String>,
    /// In pixels.
    #[schema(required, minimum = 1, maximum = 50000)]
    pub width: Option<i32>,
    /// In pixels.
    #[schema(required, minimum = 1, maximum = 50000)]
    pub height: Option<i32>,
    #[schema(required)]
    pub focal_point: Option<FocalPoint>,
    /// Smaller renditions; empty for a picture known by address only.
    pub variants: Vec<ImageVariant>,
}

/// The spot that must stay visible when a picture is cropped.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FocalPoint {
    /// From the left, as a fraction of the width.
    #[schema(minimum = 0, maximum = 1)]
    pub x: f64,
    /// From the top, as a fraction of the height.
    #[schema(minimum = 0, maximum = 1)]
    pub y: f64,
}

/// A smaller rendition of a picture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ImageVariant {
    #[schema(format = "uri")]
    pub url: String,
    pub width: i32,
    pub height: i32,
    /// The media type, `image/webp` for one.
    pub format: String,
}

/// Where a fact comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Source {
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    #[schema(required, format = "uri", max_length = 2048)]
    pub url: Option<String>,
    #[schema(required, max_length = 1000)]
    pub note: Option<String>,
}

/// A link with a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Link {
    #[schema(min_length = 1, max_length = 100)]
    pub label: String,
    #[schema(format = "uri", max_length = 2048)]
    pub url: String,
}

/// What search engines and social networks are told, as an editor wrote it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Seo {
    #[schema(required, max_length = 200)]
    pub title: Option<String>,
    /// The meta description.
    #[schema(required, max_length = 500)]
    pub description: Option<String>,
    #[schema(required, format = "uri", max_length = 2048)]
    pub canonical_url: Option<String>,
    #[schema(required)]
    pub image: Option<Image>,
}

/// What an editor says about [`Seo`]: merged into what is there.
#[derive(Clone, Debug, Default)]
pub struct SeoChange {
    pub title: Patch<String>,
    pub description: Patch<String>,
    pub canonical_url: Patch<String>,
    pub image: Patch<Image>,
}

impl SeoChange {
    /// What `current` becomes.
    #[must_use]
    pub fn apply(self, current: Seo) -> Seo {
        Seo {
            title: self.title.apply(current.title),
            description: self.description.apply(current.description),
            canonical_url: self.canonical_url.apply(current.canonical_url),
            image: self.image.apply(current.image),
        }
    }
}

/// A section, tag or author as it was named when a revision was saved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NamedRef {
    pub id: Uuid,
    pub slug: String,
    pub name: String,
}
