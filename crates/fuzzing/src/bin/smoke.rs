//! Runs every target for some seconds: `smoke CORPUS_FOLDER [SECONDS [SEED]]`, 10 seconds and seed 1 unless told.
//!
//! Each kept input first, then mutations of them. An input that breaks a promise is written beside the corpus, into
//! `<folder>/../artifacts/<target>/`; to keep it for good, move it into the corpus. The last line is
//! `N passed, N failed`.

use std::fs;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use fastrand::Rng;
use fuzzing::{TARGETS, Target, mutate::mutate};

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().expect("give the folder of corpora"));
    let number = |text: Option<String>, otherwise| text.map_or(otherwise, |text| text.parse().expect("a number"));
    let seconds = Duration::from_secs(number(arguments.next(), 10));
    let seed = number(arguments.next(), 1);
    let failed = TARGETS.iter().filter(|target| !holds(target, &folder, seconds, seed)).count();
    println!("{} passed, {failed} failed", TARGETS.len() - failed);
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Whether a target kept its promises.
fn holds(target: &Target, folder: &Path, time: Duration, seed: u64) -> bool {
    let mut corpus = vec![(target.seed)()];
    let kept = fs::read_dir(folder.join(target.name)).into_iter().flatten().flatten();
    let mut kept: Vec<PathBuf> = kept.map(|entry| entry.path()).collect();
    kept.sort();
    corpus.extend(kept.iter().map(|path| fs::read(path).expect("a kept input can be read")));
    let (mut rng, begun, mut runs) = (Rng::with_seed(seed), Instant::now(), 0);
    while runs < corpus.len() || begun.elapsed() < time {
        let input = corpus.get(runs).cloned().unwrap_or_else(|| mutate(&mut rng, &corpus));
        if catch_unwind(|| (target.run)(&input)).is_err() {
            let place = folder.join("../artifacts").join(target.name);
            let file = place.join(&snapshot::content_hash(&input)[..16]);
            fs::create_dir_all(&place).and_then(|()| fs::write(&file, &input)).expect("the input can be written");
            println!("{}: run {runs} failed; its input is {}", target.name, file.display());
            return false;
        }
        runs += 1;
    }
    println!("{}: {runs} inputs, {} of them kept ones", target.name, corpus.len());
    true
}
