//! Prints the schema of questions or answers: `cargo run -p model --features schema --example schema question`.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let schema = match std::env::args().nth(1).as_deref() {
        Some("question") => model::question_schema(),
        Some("answers") => model::answers_schema(),
        _ => return Err("say `question` or `answers`".into()),
    };
    println!("{}", serde_json::to_string_pretty(&schema)?);
    Ok(())
}
