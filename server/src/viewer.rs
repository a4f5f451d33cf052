//! Who asks, and the one part of the data that is theirs.
//!
//! [`admit`] stands before every route that hands out data and finds both out once. Routes get their edition from it
//! and have no other way to one: none can show another part by mistake.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use access::audit::Event;
use access::{Scope, Signed};
use app::DoorContent;
use axum::extract::{ConnectInfo, FromRequestParts, Request, State};
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use form_urlencoded::Serializer;

use crate::door::Door;
use crate::edition::Edition;
use crate::origin::{self, Origin};
use crate::part::Part;
use crate::password;
use crate::rejection::Rejection;
use crate::state::AppState;
use crate::visit::Visit;

/// Someone who may read, for one request.
#[derive(Clone, Debug)]
pub(crate) struct Viewer {
    /// Who; `None` where nobody signs in.
    pub(crate) signed: Option<Arc<Signed>>,
    /// The part they see.
    pub(crate) part: Arc<Part>,
    /// The edition of that part, the same for the whole request.
    pub(crate) edition: Arc<Edition>,
    scope: Scope,
    peer: Option<IpAddr>,
}

impl Viewer {
    /// Notes in the audit what is about to be handed out; nothing where nobody signs in.
    ///
    /// # Errors
    /// When the audit cannot be written: then nothing is handed out.
    pub(crate) async fn note(&self, state: &AppState, what: &str, subject: &str) -> Result<(), Rejection> {
        let (Some(guard), Some(signed)) = (state.door().guard(), &self.signed) else { return Ok(()) };
        let event = Event {
            who: signed.name.clone(),
            what: what.to_owned(),
            subject: subject.to_owned(),
            scope: Some(self.scope.clone()),
            portal: None,
            address: self.peer.map(|peer| peer.to_string()),
        };
        guard.note(&event).await
    }
}

/// Lets in who may read, with the part that is theirs.
pub(crate) async fn admit(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    // Not the request itself: its body may not be shared with another thread.
    let (headers, is_safe, peer) = (request.headers().clone(), request.method().is_safe(), peer(&request));
    match viewer(&state, &headers, is_safe, peer).await {
        Ok(viewer) => {
            request.extensions_mut().insert(viewer);
            next.run(request).await
        }
        Err(Rejection::NotSignedIn) if is_page(&request) => to_sign_in(request.uri()),
        Err(Rejection::PasswordOnce) if is_page(&request) => {
            password::to_form(request.uri().path_and_query().map(|asked| asked.as_str()))
        }
        Err(Rejection::NoPart(region)) if is_page(&request) => {
            let (mut parts, _) = request.into_parts();
            match Visit::from_request_parts(&mut parts, &state).await {
                Ok(visit) => visit.page(StatusCode::SERVICE_UNAVAILABLE, DoorContent::NoData { region }),
                Err(refused) => refused.into_response(),
            }
        }
        Err(refused) => refused.into_response(),
    }
}

async fn viewer(
    state: &AppState,
    headers: &HeaderMap,
    is_safe: bool,
    peer: Option<IpAddr>,
) -> Result<Viewer, Rejection> {
    let (signed, scope) = match state.door() {
        Door::Open if origin::names_this_machine(headers) => (None, Scope::All),
        Door::Open => return Err(Rejection::OtherHost),
        Door::Guarded(guard) => {
            let signed = guard.signed(headers).await?.ok_or(Rejection::NotSignedIn)?;
            if signed.password_once {
                return Err(Rejection::PasswordOnce);
            }
            let scope = signed.role.home();
            (Some(signed), scope)
        }
    };
    // A question changes nothing; still, another site has no business asking in a reader's name.
    if !is_safe && origin::of(headers) == Origin::Foreign {
        return Err(Rejection::Foreign);
    }
    let part = state.parts().of(&scope).ok_or_else(|| Rejection::NoPart(region_of(&scope)))?;
    Ok(Viewer { signed, edition: part.edition(), part, scope, peer })
}

fn region_of(scope: &Scope) -> String {
    match scope {
        Scope::All => String::new(),
        Scope::Region(region) => region.clone(),
    }
}

/// The address at the other end of the connection.
fn peer(request: &Request) -> Option<IpAddr> {
    request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip().to_canonical())
}

/// Whether a request is a person's, who can be shown a form, and not a program's.
fn is_page(request: &Request) -> bool {
    let path = request.uri().path();
    let is_file = ["/api/", "/snapshot/", "/export/"].iter().any(|prefix| path.starts_with(prefix));
    matches!(*request.method(), Method::GET | Method::HEAD) && !is_file
}

/// Leads to the sign-in page, and from there back; in the language of the page asked for, if it names one.
pub(crate) fn to_sign_in(uri: &Uri) -> Response {
    let asked = uri.path_and_query().map_or("/", |asked| asked.as_str());
    let mut query = Serializer::new(String::new());
    let pairs = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
    if let Some((_, lang)) = pairs.into_iter().find(|(name, _)| name == "lang") {
        query.append_pair("lang", &lang);
    }
    if asked != "/" {
        query.append_pair("next", asked);
    }
    let query = query.finish();
    let location = if query.is_empty() { "/sign-in".to_owned() } else { format!("/sign-in?{query}") };
    (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response()
}
