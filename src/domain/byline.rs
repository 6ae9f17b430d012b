//! The names over an article, as one line.

/// "Ana Lima", "Ana Lima and Jo Ek", "Ana Lima, Jo Ek and Northwire"; empty when nobody is named.
#[must_use]
pub fn byline<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let names: Vec<&str> = names.into_iter().collect();
    match names.as_slice() {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [others @ .., last] => format!("{} and {last}", others.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::byline;

    #[test]
    fn names_are_joined_as_a_reader_would_say_them() {
        assert_eq!(byline([]), "");
        assert_eq!(byline(["Ana Lima"]), "Ana Lima");
        assert_eq!(byline(["Ana Lima", "Jo Ek"]), "Ana Lima and Jo Ek");
        assert_eq!(
            byline(["Ana Lima", "Jo Ek", "Northwire"]),
            "Ana Lima, Jo Ek and Northwire"
        );
    }
}
