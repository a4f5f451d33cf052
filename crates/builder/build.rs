//! Gives the builder a mark of its own sources and of the versions of all it is compiled with: rows that were checked by
//! another builder are read again.

use std::hash::{DefaultHasher, Hasher};
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo says where the crate is"));
    let mut files = Vec::new();
    walk(&root.join("src"), &mut files);
    println!("cargo::rerun-if-changed=src");
    let lock = root.join("../../Cargo.lock");
    if lock.is_file() {
        println!("cargo::rerun-if-changed={}", lock.display());
        files.push(lock);
    }
    files.sort();
    // The same for the same sources, wherever they lie.
    let mut mark = DefaultHasher::new();
    for file in &files {
        mark.write(&fs::read(file).expect("a source can be read"));
        mark.write_u8(0xFF);
    }
    println!("cargo::rustc-env=BUILDER_MARK={:016x}", mark.finish());
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the sources can be listed").flatten() {
        let path = entry.path();
        if path.is_dir() { walk(&path, files) } else { files.push(path) }
    }
}
