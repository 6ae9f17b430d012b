//! Which slug a section, tag or author gets.

use uuid::Uuid;

use super::{Refusal, Result};
use crate::db::{self, Connection};
use crate::domain::slug::{self, Slug};
use crate::domain::taxonomy::Taxonomy;
