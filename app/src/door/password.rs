//! The form for another password.

use super::{PasswordProblem, hidden};
use crate::charts::escape;
use crate::i18n::{Lang, t};

pub(super) fn page(
    lang: Lang,
    name: &str,
    must: bool,
    next: Option<&str>,
    form: &str,
    problem: Option<PasswordProblem>,
) -> String {
    let told = problem.map(|problem| match problem {
        PasswordProblem::Current => t!(lang, door.wrong_current).to_owned(),
        PasswordProblem::Weak => t!(lang, door.weak).to_owned(),
        PasswordProblem::Differ => t!(lang, door.differ).to_owned(),
        PasswordProblem::Same => t!(lang, door.same).to_owned(),
        PasswordProblem::TooMany { seconds } => t!(lang, door.too_many, seconds),
        PasswordProblem::Foreign => t!(lang, door.foreign).to_owned(),
    });
    let told = told.map_or(String::new(), |told| format!("<p class=\"problem\" role=\"alert\">{}</p>", escape(&told)));
    let must = if must { format!("<p>{}</p>", t!(lang, door.must_change)) } else { String::new() };
    let field = |name: &str, kind: &str, text: &str, more: &str| {
        format!(
            "<label>{text}<input type=\"password\" name=\"{name}\" autocomplete=\"{kind}\" maxlength=\"512\" \
             required{more}></label>"
        )
    };
    let target = next.map_or(String::new(), |next| hidden("next", next));
    format!(
        "<h1>{title}</h1>{must}{told}<form method=\"post\" action=\"/account/password?lang={tag}\">{form}{target}\
         <input class=\"sr\" name=\"name\" value=\"{name}\" autocomplete=\"username\" readonly tabindex=\"-1\" \
         aria-hidden=\"true\">{current}{new}{again}<p class=\"quiet\">{rule}</p>\
         <button class=\"apply\">{title}</button></form>\
         <p><a class=\"link\" href=\"/account?lang={tag}\">{account}</a></p>",
        title = t!(lang, door.new_password),
        tag = lang.tag(),
        form = hidden("form", form),
        // For the browser's list of passwords.
        name = escape(name),
        current = field("password", "current-password", t!(lang, door.current_password), " autofocus"),
        new = field("new", "new-password", t!(lang, door.new_password), " minlength=\"12\""),
        again = field("again", "new-password", t!(lang, door.again), " minlength=\"12\""),
        rule = t!(lang, door.rule),
        account = t!(lang, door.account),
    )
}
