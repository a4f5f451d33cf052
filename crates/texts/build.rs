//! Compiles the texts of `locales/` into Rust: a text or a place that only one language has, or that no namespace
//! holds, stops the build.
//!
//! `leptos_i18n_build` would do, but brings an HTTP client and the whole of ICU's data generator along; these are the
//! two crates it does it by. The macro `load_locales!` alone cannot put values into strings.

use leptos_i18n_parser::parse_locales::{
    options::{Config, ParseOptions},
    parse_locales,
};
use std::{error::Error, fs, path::Path};

/// The languages, by the names of their folders; the first decides which texts there are.
const LANGUAGES: [&str; 2] = ["zh-CN", "en"];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=locales");
    let texts = parse_locales(
        None,
        Config::new(LANGUAGES[0])?
            .add_locales(&LANGUAGES[1..])?
            .add_namespaces(namespaces(&Path::new("locales").join(LANGUAGES[0]))?)?
            .parse_options(ParseOptions::new().interpolate_display(true)),
    )?;
    let (errors, warnings) = texts.diag.borrow();
    for problem in errors.iter().map(ToString::to_string).chain(warnings.iter().map(ToString::to_string)) {
        println!("cargo::error={problem}");
    }
    let code = leptos_i18n_codegen::gen_code(&texts, None, false, None, false)?.to_string();
    // In lines, so that a compiler's message about one quotes no more than it.
    let code = code.replace(" } impl ", " }\nimpl ").replace(" } pub ", " }\npub ");
    fs::write(Path::new(&std::env::var("OUT_DIR")?).join("i18n.rs"), code)?;
    Ok(())
}

/// The files of a language, without their endings, in order.
fn namespaces(folder: &Path) -> Result<Vec<String>, Box<dyn Error>> {
    let mut names = Vec::new();
    for file in fs::read_dir(folder)? {
        let path = file?.path();
        if path.extension().is_some_and(|ending| ending == "json") {
            names.extend(path.file_stem().map(|name| name.to_string_lossy().into_owned()));
        }
    }
    names.sort();
    Ok(names)
}
