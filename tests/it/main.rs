//! The one test executable.

#[cfg(test)]
mod cluster;
