//! What is true of every answer, whatever was asked: problems for every failure, limits that hold, headers that are there.

mod bodies;
mod connections;
mod cors;
mod headers;
mod refusals;
