//! What readers get: lists, articles, and the headers that caches live by.

mod article;
mod headers;
mod latest;
mod lists;
mod paging;
mod refusals;
mod withdrawn;
