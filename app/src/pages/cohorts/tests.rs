//! What the page says of generated answers.
