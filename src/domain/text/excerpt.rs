//! Short forms of long texts.

use unicode_normalization::char::is_combining_mark;

/// The start of a text on one line, in at most `max_chars` characters: cut after a word and ended with "…" when there is more.
///
/// Scripts without spaces are cut between characters, never before a combining mark.
#[must_use]
pub fn excerpt(text: &str, max_chars: usize) -> String {
    let mut line = String::new();
    let mut length = 0;
    for word in text.split_whitespace() {
        let separator = usize::from(!line.is_empty());
        let word_length = word.chars().count();
        if length + separator + word_length > max_chars {
            return cut(line, length, word, max_chars);
        }
        if separator == 1 {
            line.push(' ');
        }
        line.push_str(word);
        length += separator + word_length;
    }
    line
}

/// Ends a line whose next word does not fit. A word so long that leaving it out would waste half the room is cut itself.
fn cut(mut line: String, length: usize, word: &str, max_chars: usize) -> String {
    let Some(room) = max_chars.checked_sub(1) else {
        return String::new();
    };
    let separator = usize::from(length > 0);
    if length + separator < room && length < max_chars / 2 {
        if separator == 1 {
            line.push(' ');
        }
        line.extend(word.chars().take(room - length - separator));
        let next = word.chars().nth(room - length - separator);
        if next.is_some_and(is_combining_mark) {
            while line.pop().is_some_and(is_combining_mark) {}
        }
    } else if length > room {
        // The line fills the room to the brim: the "…" takes the place of its last word.
        let end = line
            .rfind(' ')
            .unwrap_or_else(|| line.len() - line.chars().next_back().map_or(0, char::len_utf8));
        line.truncate(end);
    }
    let kept = line
        .trim_end_matches([' ', ',', ';', ':', '-', '–', '—', '.', '،', '、', '。'])
        .len();
    line.truncate(kept);
    line.push('…');
    line
}

#[cfg(test)]
mod tests {
    use super::excerpt;
    use proptest::prelude::*;

    #[test]
    fn short_texts_stay_whole_on_one_line() {
        assert_eq!(excerpt("  Two\n\n words ", 9), "Two words");
        assert_eq!(excerpt("", 9), "");
    }

    #[test]
    fn long_texts_end_after_a_word() {
        assert_eq!(excerpt("The quick brown fox jumps", 16), "The quick brown…");
        assert_eq!(excerpt("The quick, brown fox", 12), "The quick…");
        assert_eq!(excerpt("The quick brown fox jumps", 0), "");
        assert_eq!(excerpt("abc defgh ij", 9), "abc…");
        assert_eq!(excerpt("ab cd", 1), "…");
    }

    #[test]
    fn scripts_without_spaces_are_cut_between_characters() {
        assert_eq!(excerpt("北京否认派遣安全人员", 5), "北京否认…");
        assert_eq!(excerpt("กำลังเดินทาง", 4), "กำ…", "never before a mark");
    }

    proptest! {
        #[test]
        fn an_excerpt_never_exceeds_its_limit(text in "\\PC{0,60}", max in 0_usize..40) {
            prop_assert!(excerpt(&text, max).chars().count() <= max);
        }
    }
}
