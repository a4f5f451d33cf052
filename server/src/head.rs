//! The tags that Trunk wrote into the head of `dist/index.html`, ready to be put into a page with a nonce.
//!
//! Only `link`, `script` and `style` are taken; title, charset and the like are the page's own.

use html5gum::{DefaultEmitter, StartTag, Token, Tokenizer};

/// The tags, cut where the nonce goes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Head {
    pieces: Vec<String>,
    /// The tags of style sheets alone, for pages that no program takes over.
    styles: String,
}

impl Head {
    /// Takes the tags out of Trunk's page.
    pub(crate) fn from_html(html: &str) -> Self {
        let mut head = Self { pieces: vec![String::new()], styles: String::new() };
        // `script` or `style` while its text is being copied.
        let mut open: Option<Vec<u8>> = None;
        let mut emitter = DefaultEmitter::default();
        // What stands inside a script is text, whatever it looks like.
        emitter.naively_switch_states(true);
        for Ok(token) in Tokenizer::new_with_emitter(html, emitter) {
            match token {
                Token::StartTag(tag) if tag.name.as_slice() == b"body" => break,
                Token::StartTag(tag) if matches!(tag.name.as_slice(), b"link" | b"script" | b"style") => {
                    head.push_tag(&tag);
                    open = (tag.name.as_slice() != b"link").then(|| tag.name.to_vec());
                }
                Token::String(text) if open.is_some() => head.push(&String::from_utf8_lossy(&text)),
                Token::EndTag(tag) if tag.name.as_slice() == b"head" => break,
                Token::EndTag(tag) if open.as_deref() == Some(tag.name.as_slice()) => {
                    head.push(&format!("</{}>\n", String::from_utf8_lossy(&tag.name)));
                    open = None;
                }
                _ => {}
            }
        }
        head
    }

    /// The style sheets alone as HTML.
    pub(crate) fn style_html(&self) -> &str {
        &self.styles
    }

    /// The tags as HTML; each carries the nonce.
    pub(crate) fn html(&self, nonce: &str) -> String {
        self.pieces.join(nonce)
    }

    fn push(&mut self, text: &str) {
        if let Some(last) = self.pieces.last_mut() {
            last.push_str(text);
        }
    }

    fn push_tag(&mut self, tag: &StartTag<()>) {
        let value =
            |name: &[u8]| tag.attributes.iter().find(|(known, _)| known.as_slice() == name).map(|(_, value)| value);
        if let (Some(rel), Some(href)) = (value(b"rel"), value(b"href"))
            && rel.as_slice() == b"stylesheet"
        {
            self.styles.push_str(&format!("<link rel=\"stylesheet\" href=\"{}\">", quoted(href)));
        }
        self.push(&format!("<{}", String::from_utf8_lossy(&tag.name)));
        for (name, value) in &tag.attributes {
            // Trunk may leave a nonce or its place holder.
            if name.as_slice() == b"nonce" {
                continue;
            }
            self.push(&format!(" {}=\"{}\"", String::from_utf8_lossy(name), quoted(value)));
        }
        self.push(" nonce=\"");
        self.pieces.push(String::from("\">"));
    }
}

/// A value as it stands between quotation marks.
fn quoted(value: &[u8]) -> String {
    String::from_utf8_lossy(value).replace('&', "&amp;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRUNK: &str = r#"<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Wellspring</title>
        <link rel="stylesheet" href="/style-0123456789abcdef.css" integrity="sha384-a+b/c="/>
        <!-- <script>alert(1)</script> -->
        <script type="module">
import init from '/app-0123456789abcdef.js';
if (1 < 2 && "</p>") await init('/app-0123456789abcdef_bg.wasm');
</script><link rel="preload" href="/app_bg.wasm?a=1&amp;b=2" as="fetch" crossorigin>
        </head><body><script>later()</script><link rel="x"></body></html>"#;

    #[test]
    fn every_tag_of_the_head_carries_the_nonce_and_nothing_else_comes_along() {
        let html = Head::from_html(TRUNK).html("n0nce");
        assert_eq!(html.matches("nonce=\"n0nce\"").count(), 3, "{html}");
        for expected in [
            "href=\"/style-0123456789abcdef.css\"",
            "integrity=\"sha384-a+b/c=\"",
            "if (1 < 2 && \"</p>\") await init('/app-0123456789abcdef_bg.wasm');\n</script>",
            "href=\"/app_bg.wasm?a=1&amp;b=2\"",
            "crossorigin=\"\"",
        ] {
            assert!(html.contains(expected), "{expected} in {html}");
        }
        assert_eq!(
            Head::from_html(TRUNK).style_html(),
            "<link rel=\"stylesheet\" href=\"/style-0123456789abcdef.css\">"
        );
        for unexpected in ["title", "meta", "alert", "later", "rel=\"x\""] {
            assert!(!html.contains(unexpected), "{unexpected} in {html}");
        }
    }

    #[test]
    fn a_page_without_tags_gives_none() {
        assert_eq!(Head::from_html("").html("n"), "");
        assert_eq!(Head::from_html("<html><head></head>").html("n"), "");
        assert_eq!(Head::from_html("\u{0}<<<>>").html("n"), "");
    }

    #[test]
    fn a_nonce_that_trunk_left_is_replaced() {
        let html = Head::from_html("<script nonce=\"{{__TRUNK_NONCE__}}\">x</script>").html("mine");
        assert_eq!(html, "<script nonce=\"mine\">x</script>\n");
    }
}
