//! Looking up a path among the templates of all paths, segment by segment.

use std::collections::HashMap;
use std::str::Split;

/// Where paths that begin alike go on.
#[derive(Default)]
pub struct Fork {
    /// The place of the entry whose path ends here.
    pub end: Option<usize>,
    literal: HashMap<String, Fork>,
    /// Any segment that is not empty.
    variable: Option<Box<Fork>>,
}

impl Fork {
    /// Where paths of this form go on behind it.
    pub fn plant(&mut self, template: &str) -> &mut Self {
        template
            .split('/')
            .fold(self, |fork, segment| match segment.starts_with('{') {
                true => fork.variable.get_or_insert_default(),
                false => fork.literal.entry(segment.to_owned()).or_default(),
            })
    }

    /// The place of the entry that the rest of a path leads to. What is said literally comes first: `queues` in
    /// `/comments/queues` is never the id of a comment.
    pub fn find(&self, mut rest: Split<'_, char>) -> Option<usize> {
        let Some(segment) = rest.next() else { return self.end };
        let literally = self.literal.get(segment).and_then(|fork| fork.find(rest.clone()));
        let otherwise = || self.variable.as_ref().filter(|_| !segment.is_empty())?.find(rest);
        literally.or_else(otherwise)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_leads_to_the_template_of_its_form() {
        let templates = [
            "/",
            "/sections/{slug}",
            "/sections/{slug}/latest",
            "/sections/tree",
            "/{room}/tree/latest",
        ];
        let mut tree = Fork::default();
        for (place, template) in templates.iter().enumerate() {
            tree.plant(template).end = Some(place);
        }
        let found = |path: &str| {
            tree.find(path.split('/'))
                .and_then(|place| templates.get(place))
                .copied()
        };
        for (path, template) in [
            ("/", "/"),
            ("/sections/world", "/sections/{slug}"),
            ("/sections/tree", "/sections/tree"),
            // Nothing follows what was said literally.
            ("/sections/tree/latest", "/sections/{slug}/latest"),
            ("/tags/tree/latest", "/{room}/tree/latest"),
        ] {
            assert_eq!(found(path), Some(template), "{path}");
        }
        for unknown in [
            "",
            "/sections",
            "/sections/",
            "/sections/world/",
            "/sections//latest",
            "/tags/world",
        ] {
            assert_eq!(found(unknown), None, "{unknown}");
        }
    }
}
