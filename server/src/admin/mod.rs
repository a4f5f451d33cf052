//! The pages for administrators: who may sign in, which regions have a part, which portals have keys, who did what.
//!
//! [`Admin`] stands before all of them. Each change is a form with the session's token, is in the audit before it is
//! made, and answers with the page that shows what came of it.

mod audit;
mod keys;
mod people;
mod regions;

use std::future::Future;
use std::sync::Arc;

use access::audit::Event;
use access::{Access, Signed};
use app::{AdminContent, AdminPage, AdminTold, DoorContent};
use axum::Router;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{DefaultBodyLimit, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use crate::cookies;
use crate::rejection::Rejection;
use crate::sign_in::go_to;
use crate::state::AppState;
use crate::viewer::to_sign_in;
use crate::visit::{Fields, Visit};

/// Bytes of the largest form: a key with its origins, percent-encoded.
const MAX_FORM_BYTES: usize = 32 * 1024;

type Body = Result<Bytes, BytesRejection>;

/// The addresses for administrators.
pub(crate) fn router() -> Router<AppState> {
    Router::new()
        .route("/admin", get(people::list).post(people::add))
        .route("/admin/user", get(people::page).post(people::change))
        .route("/admin/regions", get(regions::list))
        .route("/admin/keys", get(keys::list).post(keys::change))
        .route("/admin/audit", get(audit::list))
        .route("/admin/audit.jsonl", get(audit::export))
        .layer(DefaultBodyLimit::max(MAX_FORM_BYTES))
}

/// A request of someone who manages the others.
pub(crate) struct Admin {
    visit: Visit,
    signed: Arc<Signed>,
}

impl FromRequestParts<AppState> for Admin {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Response> {
        let visit = Visit::from_request_parts(parts, state).await.map_err(IntoResponse::into_response)?;
        let refuse = |rejection: Rejection| rejection.into_response();
        let signed = visit.guard().map_err(refuse)?.signed(&visit.headers).await.map_err(refuse)?;
        match signed {
            // A form that was sent is lost; what it was for is not an address.
            None if parts.method != Method::GET => Err(go_to("/sign-in?next=/admin")),
            None => Err(to_sign_in(&parts.uri)),
            Some(signed) if signed.password_once => Err(go_to("/account/password?next=/admin")),
            Some(signed) if !signed.role.may_manage() => Err(visit.page(StatusCode::FORBIDDEN, DoorContent::NotYours)),
            Some(signed) => Ok(Self { visit, signed }),
        }
    }
}

impl Admin {
    fn access(&self) -> Result<&Access, Rejection> {
        Ok(&self.visit.guard()?.access)
    }

    /// The pairs of a form that was sent; none where it is not one of ours.
    fn sent(&self, body: Body) -> Result<Option<Fields>, Rejection> {
        let fields = Fields::sent(&self.visit.headers, body)?;
        Ok(self.visit.is_own(&fields, cookies::SESSION)?.then_some(fields))
    }

    /// Makes a change that the audit knows of: noted before, since what cannot be noted is not done; and again where
    /// it failed.
    async fn noted<T>(
        &self,
        what: &str,
        subject: &str,
        change: impl Future<Output = access::Result<T>>,
    ) -> Result<access::Result<T>, Rejection> {
        let guard = self.visit.guard()?;
        let mut event = Event {
            who: self.signed.name.clone(),
            what: what.to_owned(),
            subject: subject.to_owned(),
            address: Some(self.visit.peer.to_string()),
            ..Event::default()
        };
        guard.note(&event).await?;
        let done = change.await;
        if done.is_err() {
            event.what.push_str(".failed");
            guard.note(&event).await?;
        }
        Ok(done)
    }

    /// A page with what came of a form.
    fn page(&self, told: Option<AdminTold>, content: AdminContent) -> Result<Response, Rejection> {
        let cookie = cookies::read(&self.visit.headers, cookies::SESSION).unwrap_or_default();
        let status = match &told {
            Some(AdminTold::Foreign) => StatusCode::FORBIDDEN,
            Some(AdminTold::Unknown) => StatusCode::NOT_FOUND,
            Some(told) if !told.is_done() => StatusCode::UNPROCESSABLE_ENTITY,
            _ => StatusCode::OK,
        };
        let (lang, accept_language) = self.visit.language();
        let form = self.visit.guard()?.form_token(cookie);
        Ok(self.visit.html(status, |style, nonce| {
            app::render_admin(&AdminPage { lang, accept_language, form, told, content }, style, nonce)
        }))
    }

    /// The regions that the data know, by name.
    fn regions(&self) -> Vec<String> {
        let edition = self.visit.state().parts().whole().edition();
        let regions = edition.snapshot.manifest.dimensions.regions.iter();
        regions.map(|region| region.id.clone()).filter(|name| !name.is_empty()).collect()
    }
}

/// What a refused change is told as; an error that is no fault of the form is passed on.
fn told(error: access::Error) -> Result<AdminTold, Rejection> {
    use access::Error;
    Ok(match error {
        Error::Field { field: "name", .. } => AdminTold::Name,
        Error::Field { field: "company", .. } => AdminTold::Company,
        Error::Field { field: "role" | "region", .. } => AdminTold::Sees,
        Error::Field { field: "portal", .. } => AdminTold::Portal,
        Error::Field { field: "origins", value, .. } => AdminTold::Origins { given: value },
        Error::Field { field: "scopes" | "scope", .. } => AdminTold::Scopes,
        Error::Field { field: "views", .. } => AdminTold::Views,
        Error::Field { field: "public key", .. } => AdminTold::PublicKey,
        Error::Taken { what: "user", .. } => AdminTold::NameTaken,
        Error::Taken { .. } => AdminTold::CompanyTaken,
        Error::LastAdmin { .. } => AdminTold::LastAdmin,
        Error::Unknown { .. } => AdminTold::Unknown,
        other => return Err(other.into()),
    })
}
