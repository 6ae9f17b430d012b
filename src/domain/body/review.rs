//! What an editor would want to know of a body before readers see it.

use super::tree::Element;

/// Pictures that nobody has described. (An empty description says that a picture only decorates; no attribute at all
/// says that nobody thought of it.)
pub(super) fn undescribed_pictures(elements: &[Element]) -> usize {
    count(elements, &|element| {
        element.name == "img" && element.attribute("alt").is_none_or(str::is_empty)
    })
}

/// Links to pages that are not encrypted on their way.
pub(super) fn insecure_links(elements: &[Element]) -> usize {
    count(elements, &|element| {
        element.name == "a" && element.attribute("href").is_some_and(|href| href.starts_with("http:"))
    })
}

fn count(elements: &[Element], wanted: &dyn Fn(&Element) -> bool) -> usize {
    elements.iter().map(|element| count_in(element, wanted)).sum()
}

fn count_in(element: &Element, wanted: &dyn Fn(&Element) -> bool) -> usize {
    let inside: usize = element.elements().map(|inner| count_in(inner, wanted)).sum();
    usize::from(wanted(element)) + inside
}
