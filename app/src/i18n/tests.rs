use super::*;
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

/// The texts of a language by `part.name`.
fn texts(lang: Lang) -> BTreeMap<String, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/texts/locales").join(lang.tag());
    let mut texts = BTreeMap::new();
    for file in fs::read_dir(folder).expect("a folder for each language") {
        let path = file.expect("a file").path();
        let part = path.file_stem().expect("a name").to_string_lossy().into_owned();
        let json = fs::read_to_string(&path).expect("text");
        let entries: BTreeMap<String, String> = serde_json::from_str(&json).expect("names and texts");
        texts.extend(entries.into_iter().map(|(name, text)| (format!("{part}.{name}"), text)));
    }
    texts
}

/// The names of the places of a text.
fn places(text: &str) -> BTreeSet<String> {
    text.split("{{").skip(1).filter_map(|rest| Some(rest.split_once("}}")?.0.trim().to_owned())).collect()
}

/// Only one language needs the compared period before the number.
fn is_half(name: &str) -> bool {
    name.starts_with("sentence.less_") || name.starts_with("sentence.more_")
}

#[test]
fn the_first_spoken_language_of_the_header_wins() {
    assert_eq!(Lang::accepted(Some("fr, en-GB;q=0.8, zh;q=0.5")), Lang::En);
    assert_eq!(Lang::accepted(Some("zh-TW,zh;q=0.9,en;q=0.8")), Lang::Zh);
    assert_eq!(Lang::accepted(Some(";;,")), Lang::Zh);
    assert_eq!(Lang::accepted(None), Lang::Zh);
}

#[test]
fn values_take_the_places_of_their_names() {
    assert_eq!(t!(Lang::En, frame.skip), "Skip to content");
    assert_eq!(t!(Lang::Zh, frame.skip), "跳到正文");
    assert_eq!(
        t!(Lang::En, notes.ignored, field = "grain", value = "<b>"),
        "`<b>` is no value of grain; the default is used"
    );
    assert_eq!(
        t!(Lang::Zh, notes.ignored, field = "grain", value = "<b>"),
        "地址里的 grain「<b>」无法识别，已用默认值"
    );
}

#[test]
fn both_languages_have_the_same_places() {
    let (zh, en) = (texts(Lang::Zh), texts(Lang::En));
    assert!(!zh.is_empty());
    assert_eq!(zh.keys().collect::<Vec<_>>(), en.keys().collect::<Vec<_>>());
    for (name, text) in &zh {
        if is_half(name) {
            let other = match name.strip_suffix("before") {
                Some(stem) => format!("{stem}after"),
                None => name.replace("after", "before"),
            };
            assert_eq!(places(&(text.clone() + &zh[&other])), places(&(en[name].clone() + &en[&other])), "{name}");
        } else {
            assert_eq!(places(text), places(&en[name]), "{name}");
        }
    }
}

/// `<` opens a component and `$t(` another text for the library; our texts are plain.
#[test]
fn texts_are_plain() {
    for (name, text) in texts(Lang::Zh).into_iter().chain(texts(Lang::En)) {
        assert!(!text.contains(['<', '>']) && !text.contains("$t"), "{name}: {text}");
        assert_eq!(text.matches("{{").count(), text.matches("}}").count(), "{name}: {text}");
    }
}

#[test]
fn every_text_is_used() {
    fn read(folder: &Path, code: &mut String) {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            match path.is_dir() {
                true => read(&path, code),
                false if path.ends_with("i18n/tests.rs") => {}
                false => code.push_str(&fs::read_to_string(path).expect("text")),
            }
        }
    }
    let mut code = String::new();
    read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut code);
    let words: BTreeSet<&str> = code.split(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '.').collect();
    let unused: Vec<_> = texts(Lang::En).into_keys().filter(|name| !words.contains(name.as_str())).collect();
    assert!(unused.is_empty(), "{unused:?}");
}
