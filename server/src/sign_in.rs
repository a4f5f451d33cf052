//! Signing in, signing out, and the account: forms and redirects that work without JavaScript.

use access::audit::Event;
use access::{Error, Password, Signed, UnixSeconds};
use app::{DoorContent, DoorProblem};
use axum::Router;
use axum::body::Bytes;
use axum::extract::DefaultBodyLimit;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};

use crate::company;
use crate::cookies;
use crate::password;
use crate::rejection::Rejection;
use crate::security::Nonce;
use crate::state::AppState;
use crate::visit::{Fields, Visit, own_path};

/// Bytes of the largest form: name, password, and where to go, all percent-encoded.
const MAX_FORM_BYTES: usize = 16 * 1024;
/// A form's cookie is one of our nonces.
const FORM_COOKIE_BYTES: usize = 32;

/// A form as it came.
pub(crate) type Body = Result<Bytes, BytesRejection>;

/// The addresses at the door.
pub(crate) fn router() -> Router<AppState> {
    Router::new()
        .route("/sign-in", get(form).post(sign_in))
        .route("/sign-out", post(sign_out))
        .route("/sign-out-everywhere", post(sign_out_everywhere))
        .route("/account", get(account))
        .route("/account/password", get(password::form).post(password::change))
        .layer(DefaultBodyLimit::max(MAX_FORM_BYTES))
}

/// The form; who is signed in already goes on.
async fn form(visit: Visit) -> Result<Response, Rejection> {
    let next = own_path(visit.asked("next"));
    if visit.guard()?.signed(&visit.headers).await?.is_some() {
        return Ok(go_to(next.as_deref().unwrap_or("/")));
    }
    form_page(&visit, StatusCode::OK, "", next, company::problem(visit.asked("problem")))
}

/// The form with a token, and the cookie that it goes with.
fn form_page(
    visit: &Visit,
    status: StatusCode,
    name: &str,
    next: Option<String>,
    problem: Option<DoorProblem>,
) -> Result<Response, Rejection> {
    // The same for every tab: a second one must not make the first one's form void.
    let kept = cookies::read(&visit.headers, cookies::FORM).filter(|value| value.len() == FORM_COOKIE_BYTES);
    let cookie = match kept {
        Some(kept) => kept.to_owned(),
        None => Nonce::random().map_err(|fault| Rejection::Page(format!("no random bits: {fault}")))?.0,
    };
    let guard = visit.guard()?;
    let (form, company) = (guard.form_token(&cookie), guard.company.is_some());
    let content = DoorContent::SignIn { name: name.to_owned(), next, form, company, problem };
    let mut response = visit.page(status, content);
    set_cookie(&mut response, cookies::set_form(&cookie));
    Ok(response)
}

async fn sign_in(visit: Visit, body: Body) -> Result<Response, Rejection> {
    let guard = visit.guard()?;
    let fields = Fields::sent(&visit.headers, body)?;
    let (name, next) = (fields.get("name"), own_path(fields.get("next")));
    if !visit.is_own(&fields, cookies::FORM)? {
        return form_page(&visit, StatusCode::FORBIDDEN, name, next, Some(DoorProblem::Expired));
    }
    if let Err(too_many) = guard.access.attempts.check(name, visit.peer) {
        let seconds = too_many.retry_after_secs;
        tracing::warn!("too many tries to sign in from {}", visit.peer);
        let problem = Some(DoorProblem::TooMany { seconds });
        let mut response = form_page(&visit, StatusCode::TOO_MANY_REQUESTS, name, next, problem)?;
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        return Ok(response);
    }
    let people = &guard.access.people;
    let Some(user) = people.recognize(name, &Password::new(fields.get("password"))).await? else {
        // A name that nobody has may be a password in the wrong field. Asked either way, so that both take as long.
        let known = people.find(name).await?.map_or_else(|| "(unknown)".to_owned(), |user| user.name);
        guard.note(&event(&visit, known, "sign_in.refused")).await?;
        return form_page(&visit, StatusCode::FORBIDDEN, name, next, Some(DoorProblem::Wrong));
    };
    let mut event = event(&visit, user.name.clone(), "sign_in");
    event.scope = Some(user.role.home());
    guard.note(&event).await?;
    let before = cookies::read(&visit.headers, cookies::SESSION);
    let token = match guard.access.sessions.begin(&user, before, UnixSeconds::now()).await {
        Err(Error::Overtaken { .. }) => {
            return form_page(&visit, StatusCode::FORBIDDEN, name, next, Some(DoorProblem::Wrong));
        }
        begun => begun?,
    };
    let mut response = match user.password_once {
        true => password::to_form(next.as_deref()),
        false => go_to(next.as_deref().unwrap_or("/")),
    };
    set_cookie(&mut response, cookies::set_session(token.as_str()));
    set_cookie(&mut response, cookies::clear(cookies::FORM));
    Ok(response)
}

async fn account(visit: Visit) -> Result<Response, Rejection> {
    let Some(signed) = visit.guard()?.signed(&visit.headers).await? else { return Ok(go_to("/sign-in?next=/account")) };
    account_page(&visit, &signed, false)
}

fn account_page(visit: &Visit, signed: &Signed, foreign: bool) -> Result<Response, Rejection> {
    let cookie = cookies::read(&visit.headers, cookies::SESSION).unwrap_or_default();
    let content = DoorContent::Account {
        name: signed.name.clone(),
        region: signed.role.region().map(str::to_owned),
        manages: signed.role.may_manage(),
        by_password: signed.by_password,
        form: visit.guard()?.form_token(cookie),
        foreign,
    };
    Ok(visit.page(if foreign { StatusCode::FORBIDDEN } else { StatusCode::OK }, content))
}

async fn sign_out(visit: Visit, body: Body) -> Result<Response, Rejection> {
    leave(visit, body, false).await
}

async fn sign_out_everywhere(visit: Visit, body: Body) -> Result<Response, Rejection> {
    leave(visit, body, true).await
}

async fn leave(visit: Visit, body: Body, everywhere: bool) -> Result<Response, Rejection> {
    let guard = visit.guard()?;
    let fields = Fields::sent(&visit.headers, body)?;
    let Some(signed) = guard.signed(&visit.headers).await? else { return Ok(left()) };
    if !visit.is_own(&fields, cookies::SESSION)? {
        return account_page(&visit, &signed, true);
    }
    let what = if everywhere { "sign_out.everywhere" } else { "sign_out" };
    guard.note(&event(&visit, signed.name.clone(), what)).await?;
    let sessions = &guard.access.sessions;
    if everywhere {
        sessions.end_all(&signed.user_id).await?;
    } else if let Some(token) = cookies::read(&visit.headers, cookies::SESSION) {
        sessions.end(token).await?;
    }
    Ok(left())
}

/// Nobody is signed in any more; what the browser kept goes too, since the next reader may see another part.
fn left() -> Response {
    let mut response = go_to("/sign-in");
    set_cookie(&mut response, cookies::clear(cookies::SESSION));
    let clear = HeaderName::from_static("clear-site-data");
    response.headers_mut().insert(clear, HeaderValue::from_static("\"cache\", \"storage\""));
    response
}

/// Leads elsewhere, by GET.
pub(crate) fn go_to(path: &str) -> Response {
    (StatusCode::SEE_OTHER, [(header::LOCATION, path)]).into_response()
}

/// Adds a cookie; `None` for one that cannot be.
pub(crate) fn set_cookie(response: &mut Response, cookie: Option<HeaderValue>) {
    if let Some(cookie) = cookie {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
}

/// An entry for the audit about a request at the door.
pub(crate) fn event(visit: &Visit, who: String, what: &str) -> Event {
    Event { who, what: what.to_owned(), address: Some(visit.peer.to_string()), ..Event::default() }
}
