//! Finding by how a text begins, capitals or not.

use diesel::sql_types::Text;

diesel::define_sql_function! {
    /// The text in lower case, as PostgreSQL folds it.
    fn lower(text: Text) -> Text;
}

/// A pattern of `LIKE` for what begins with `text`, in lower case.
#[must_use]
pub fn starts_with(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() + 1);
    for c in text.to_lowercase().chars() {
        if matches!(c, '\\' | '%' | '_') {
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
    fn nothing_in_a_text_is_a_wildcard() {
        assert_eq!(starts_with("Żubr"), "żubr%");
        assert_eq!(starts_with(r"100%_\"), r"100\%\_\\%");
    }
}
