//! Another password: for who wants one, and for who has to, since somebody else made theirs.

use access::{Error, Password, Signed, UnixSeconds};
use app::{DoorContent, PasswordProblem};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use form_urlencoded::Serializer;

use crate::cookies;
use crate::rejection::Rejection;
use crate::sign_in::{Body, event, go_to, set_cookie};
use crate::visit::{Fields, Visit, own_path};

/// Leads to the form, and from there on to where the reader wanted to go.
pub(crate) fn to_form(next: Option<&str>) -> Response {
    let Some(next) = next.filter(|next| *next != "/") else { return go_to("/account/password") };
    let query = Serializer::new(String::new()).append_pair("next", next).finish();
    go_to(&format!("/account/password?{query}"))
}

/// The form.
pub(crate) async fn form(visit: Visit) -> Result<Response, Rejection> {
    let Some(signed) = visit.guard()?.signed(&visit.headers).await? else { return Ok(go_to("/sign-in?next=/account")) };
    page(&visit, &signed, own_path(visit.asked("next")), None)
}

fn page(
    visit: &Visit,
    signed: &Signed,
    next: Option<String>,
    problem: Option<PasswordProblem>,
) -> Result<Response, Rejection> {
    let cookie = cookies::read(&visit.headers, cookies::SESSION).unwrap_or_default();
    let status = match problem {
        None => StatusCode::OK,
        Some(PasswordProblem::TooMany { .. }) => StatusCode::TOO_MANY_REQUESTS,
        Some(PasswordProblem::Foreign | PasswordProblem::Current) => StatusCode::FORBIDDEN,
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let (name, form) = (signed.name.clone(), visit.guard()?.form_token(cookie));
    let mut response =
        visit.page(status, DoorContent::Password { name, must: signed.password_once, next, form, problem });
    if let Some(PasswordProblem::TooMany { seconds }) = problem {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    Ok(response)
}

/// Sets the password, ends all sessions and begins a new one for this browser.
pub(crate) async fn change(visit: Visit, body: Body) -> Result<Response, Rejection> {
    let guard = visit.guard()?;
    let fields = Fields::sent(&visit.headers, body)?;
    let Some(signed) = guard.signed(&visit.headers).await? else { return Ok(go_to("/sign-in?next=/account")) };
    let next = own_path(fields.get("next"));
    let refuse = |problem| page(&visit, &signed, next.clone(), Some(problem));
    if !visit.is_own(&fields, cookies::SESSION)? {
        return refuse(PasswordProblem::Foreign);
    }
    // A session that somebody left open must not be a way to try passwords.
    if let Err(too_many) = guard.access.attempts.check(&signed.name, visit.peer) {
        return refuse(PasswordProblem::TooMany { seconds: too_many.retry_after_secs });
    }
    let (before, new) = (Password::new(fields.get("password")), Password::new(fields.get("new")));
    let people = &guard.access.people;
    if people.recognize(&signed.name, &before).await?.is_none() {
        guard.note(&event(&visit, signed.name.clone(), "password.refused")).await?;
        return refuse(PasswordProblem::Current);
    }
    if fields.get("new") != fields.get("again") {
        return refuse(PasswordProblem::Differ);
    }
    if fields.get("new") == fields.get("password") {
        return refuse(PasswordProblem::Same);
    }
    if new.check(&signed.name).is_err() {
        return refuse(PasswordProblem::Weak);
    }
    guard.note(&event(&visit, signed.name.clone(), "password")).await?;
    people.set_password(&signed.name, &new).await?;
    let mut response = go_to(next.as_deref().unwrap_or("/"));
    // Somebody may have changed or removed them just now: then they sign in like everybody.
    let user = people.recognize(&signed.name, &new).await?;
    let begun = match &user {
        Some(user) => guard.access.sessions.begin(user, None, UnixSeconds::now()).await,
        None => return Ok(go_to("/sign-in")),
    };
    match begun {
        Ok(token) => set_cookie(&mut response, cookies::set_session(token.as_str())),
        Err(Error::Overtaken { .. }) => return Ok(go_to("/sign-in")),
        Err(error) => return Err(error.into()),
    }
    Ok(response)
}
