//! What readers get: lists, articles, and the headers that caches live by.

mod article;
mod cache;
mod headers;
mod latest;
mod lists;
mod paging;
mod plans;
mod published;
mod reads;
mod refusals;
mod statements;
mod withdrawn;
