//! Makes a sample: `cargo run --release -p sample --example generate -- --members 200000 --stores 400 --out DIR`.

use std::process::ExitCode;

fn main() -> ExitCode {
    let mut options = sample::Options::new("");
    let mut args = std::env::args().skip(1);
    while let Some(name) = args.next() {
        let value = args.next().unwrap_or_default();
        let number = || value.parse::<u64>().ok();
        let known = match name.as_str() {
            "--members" => number().and_then(|n| n.try_into().ok()).map(|n| options.members = n),
            "--stores" => number().and_then(|n| n.try_into().ok()).map(|n| options.stores = n),
            "--seed" => number().map(|n| options.seed = n),
            "--identities-only" => number().and_then(|n| n.try_into().ok()).map(|n| options.identities_only = n),
            "--recycled-phones" => value.parse().ok().map(|percent| options.recycled_phones = percent),
            "--out" => {
                options.out = value.clone().into();
                Some(())
            }
            _ => None,
        };
        if known.is_none() {
            eprintln!(
                "`{name} {value}` is not understood; write --members N --stores N --seed N --identities-only PERCENT \
                 --recycled-phones PERCENT --out DIR"
            );
            return ExitCode::from(2);
        }
    }
    if options.out.as_os_str().is_empty() {
        eprintln!("--out is missing; name a new folder");
        return ExitCode::from(2);
    }
    match sample::generate(&options, &mut |_, _| {}) {
        Ok(summary) => {
            print!("{summary}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
