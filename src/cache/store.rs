//! Where entries are kept: as many as there is room for, by their bytes.

use std::sync::Arc;

use quick_cache::sync::{Cache as Entries, PlaceholderGuard};
use quick_cache::{DefaultHashBuilder, OptionsBuilder, Weighter};

use super::entry::{Kept, Weighed};
use super::evictions::Evictions;

/// The size that an entry is taken to have when the number of entries is estimated.
const USUAL_ENTRY: u64 = 16 * 1024;

pub type Store<T> = Entries<String, Arc<Kept<T>>, ByBytes, DefaultHashBuilder, Evictions>;

pub type Guard<'a, T> = PlaceholderGuard<'a, String, Arc<Kept<T>>, ByBytes, DefaultHashBuilder, Evictions>;

/// Counts bytes.
#[derive(Clone)]
pub struct ByBytes;

impl<T: Weighed> Weighter<String, Arc<Kept<T>>> for ByBytes {
    fn weight(&self, key: &String, kept: &Arc<Kept<T>>) -> u64 {
        let bytes = key.len() + kept.bytes();
        u64::try_from(bytes).unwrap_or(u64::MAX)
    }
}

pub fn entries<T: Weighed>(bytes: u64, evictions: &Evictions) -> Option<Store<T>> {
    let many = usize::try_from(bytes / USUAL_ENTRY).ok().filter(|many| *many > 0)?;
    // A few shards: an entry must fit into one.
    let options = OptionsBuilder::new()
        .shards(4)
        .estimated_items_capacity(many)
        .weight_capacity(bytes)
        .build()
        .ok()?;
    Some(Entries::with_options(
        options,
        ByBytes,
        DefaultHashBuilder::default(),
        evictions.clone(),
    ))
}
