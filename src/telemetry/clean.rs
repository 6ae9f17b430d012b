//! Keeps control characters out of the log: whoever chooses what is logged must not be able to forge a line, or to play with the
//! terminal of whoever reads it.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io;

/// What every line is written through. (A line arrives whole, with its end.)
pub struct Clean<W> {
    to: W,
    /// Whether escape characters stay: the colours are ours then, and those of others have been taken out before.
    coloured: bool,
}

impl<W: io::Write> Clean<W> {
    pub fn new(to: W, coloured: bool) -> Self {
        Self { to, coloured }
    }
}

impl<W: io::Write> io::Write for Clean<W> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.to.write_all(&clean(line, self.coloured))?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

/// The line with every control character but its end written as `\u00..`, which is what it is called in JSON too.
fn clean(line: &[u8], coloured: bool) -> Cow<'_, [u8]> {
    let is_suspect = |byte: &u8| byte.is_ascii_control() || *byte == 0xC2 || *byte == 0xE2;
    let (body, end) = match line {
        [body @ .., b'\n'] => (body, "\n"),
        body => (body, ""),
    };
    if !body.iter().any(is_suspect) {
        return Cow::Borrowed(line);
    }
    let mut cleaned = String::with_capacity(line.len() + 16);
    for character in String::from_utf8_lossy(body).chars() {
        // The separators of lines and paragraphs end a line for some readers.
        let breaks = matches!(character, '\u{2028}' | '\u{2029}');
        if (character.is_control() || breaks) && !(coloured && character == '\u{1b}') {
            // Writing to memory does not fail.
            let _written = write!(cleaned, "\\u{:04x}", u32::from(character));
        } else {
            cleaned.push(character);
        }
    }
    cleaned.push_str(end);
    Cow::Owned(cleaned.into_bytes())
}

#[cfg(test)]
mod tests {
    use tracing_subscriber::fmt::MakeWriter;

    use super::*;

    #[test]
    fn only_the_end_of_a_line_is_a_control_character() {
        let lines = [
            ("fine \u{e9}\u{2014}\n", "fine \u{e9}\u{2014}\n"),
            (
                "a\nb\r\u{1b}[2J\u{7f}\u{85}\u{2028}\n",
                "a\\u000ab\\u000d\\u001b[2J\\u007f\\u0085\\u2028\n",
            ),
            ("no end\0", "no end\\u0000"),
        ];
        for (line, cleaned) in lines {
            assert_eq!(String::from_utf8_lossy(&clean(line.as_bytes(), false)), cleaned);
        }
        assert_eq!(&*clean(b"\x1b[1mbold\x1b[0m\x07", true), b"\x1b[1mbold\x1b[0m\\u0007");
    }

    /// What is logged here, in one of the two formats.
    fn logged(json: bool, log: impl FnOnce()) -> String {
        #[derive(Clone, Default)]
        struct Kept(std::sync::Arc<std::sync::Mutex<Vec<u8>>>);
        impl io::Write for Kept {
            fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
                self.0.lock().unwrap().extend_from_slice(bytes);
                Ok(bytes.len())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        impl<'a> MakeWriter<'a> for Kept {
            type Writer = Clean<Self>;
            fn make_writer(&'a self) -> Self::Writer {
                Clean::new(self.clone(), false)
            }
        }
        let kept = Kept::default();
        let builder = tracing_subscriber::fmt().with_writer(kept.clone()).with_ansi(false);
        match json {
            true => tracing::subscriber::with_default(builder.json().flatten_event(true).finish(), log),
            false => tracing::subscriber::with_default(builder.finish(), log),
        }
        String::from_utf8(kept.0.lock().unwrap().clone()).unwrap()
    }

    #[test]
    fn nobody_forges_a_line_in_either_format() {
        let hostile = "x\n{\"forged\":1}\r\u{1b}[31m\u{9b}2J\u{7f}\u{2028}\0";
        for json in [false, true] {
            let text = logged(json, || {
                tracing::info!(field = hostile, shown = %hostile, debugged = ?hostile, "{hostile}");
                tracing::info_span!("span", inside = %hostile).in_scope(|| tracing::info!("in a span"));
            });
            assert_eq!(text.lines().count(), 2, "{text}");
            let bad = text
                .chars()
                .find(|c| (c.is_control() && *c != '\n') || *c == '\u{2028}');
            assert_eq!(bad, None, "{text:?}");
            if json {
                let first: serde_json::Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
                assert_eq!(first["shown"], hostile, "and nothing is lost");
            }
        }
    }
}
