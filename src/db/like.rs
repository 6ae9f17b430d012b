//! Patterns for `LIKE` and `ILIKE`, and capitals that make no difference.

diesel::define_sql_function! {
    /// The text in lower case, as PostgreSQL folds it.
    fn lower(text: diesel::sql_types::Text) -> diesel::sql_types::Text;
}

/// Matches what begins with `text`, whose own `%` and `_` stand for themselves.
#[must_use]
pub fn prefix(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() + 1);
    for c in text.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_stand_for_themselves() {
        assert_eq!(prefix("100%_a\\"), "100\\%\\_a\\\\%");
        assert_eq!(prefix(""), "%");
    }
}
