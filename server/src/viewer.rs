//! Who asks, and the one part of the data that is theirs.
//!
//! [`admit`] stands before every route that hands out data and finds both out once. Routes get their edition from it
//! and have no other way to one: none can show another part by mistake.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use access::audit::Event;
use access::embed::Grant;
use access::{Scope, Signed, UnixSeconds};
use app::DoorContent;
use axum::extract::{ConnectInfo, FromRequestParts, Request, State};
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use form_urlencoded::Serializer;
use model::Question;

use crate::bearer;
use crate::door::Door;
use crate::edition::{Answered, Edition};
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
    /// What a portal's token grants; `None` where nobody came with one.
    pub(crate) grant: Option<Arc<Grant>>,
    scope: Scope,
    peer: Option<IpAddr>,
}

impl Viewer {
    /// The answer to a question: exact to who may see rows, of groups to who may not, and none that goes beyond what a
    /// portal's token holds.
    ///
    /// # Errors
    /// When the question is not granted, not known to the snapshot, or about too few.
    pub(crate) async fn answer(&self, state: &AppState, question: Question) -> Result<Arc<Answered>, Rejection> {
        match &self.grant {
            Some(grant) => bearer::answer(state, &self.edition, grant, question).await,
            None => state.answer(&self.edition, question).await.map_err(Rejection::Answer),
        }
    }

    /// Whose rate this request counts for: the person's, the portal's reader's, else the address's; nobody's where nobody
    /// signs in.
    pub(crate) fn rated(&self, state: &AppState) -> Option<String> {
        state.door().guard()?;
        let address = || self.peer.map(|peer| peer.to_string()).unwrap_or_default();
        Some(match (&self.signed, &self.grant) {
            (Some(signed), _) => signed.user_id.clone(),
            (None, Some(grant)) => format!("{}/{}", grant.key.kid, grant.subject.clone().unwrap_or_else(address)),
            (None, None) => address(),
        })
    }

    /// Notes in the audit what is about to be handed out; nothing where nobody signs in.
    ///
    /// # Errors
    /// When the audit cannot be written: then nothing is handed out.
    pub(crate) async fn note(&self, state: &AppState, what: &str, subject: &str) -> Result<(), Rejection> {
        let Some(guard) = state.door().guard() else { return Ok(()) };
        let (who, portal) = match (&self.signed, &self.grant) {
            (_, Some(grant)) => {
                let key = &grant.key;
                let reader = grant.subject.as_deref().unwrap_or("-");
                (format!("{}/{reader}", key.portal), Some(format!("{} ({})", key.portal, key.kid)))
            }
            (Some(signed), None) => (signed.name.clone(), None),
            (None, None) => return Ok(()),
        };
        let event = Event {
            who,
            what: what.to_owned(),
            subject: subject.to_owned(),
            scope: Some(self.scope.clone()),
            portal,
            address: self.peer.map(|peer| peer.to_string()),
        };
        guard.note(&event).await
    }
}

/// Lets in who may read, with the part that is theirs.
pub(crate) async fn admit(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    // Not the request itself: its body may not be shared with another thread.
    let (headers, is_safe, peer) = (request.headers().clone(), request.method().is_safe(), peer(&request));
    let found = match bearer::token(&headers) {
        // The token decides, whatever cookie came along.
        Some(token) if state.door().guard().is_some() => by_token(&state, token, request.uri().path(), peer).await,
        _ => viewer(&state, &headers, is_safe, peer).await,
    };
    match found {
        Ok(viewer) => {
            request.extensions_mut().insert(viewer);
            next.run(request).await
        }
        Err(Rejection::NotSignedIn) if may_sign_in(&request) => to_sign_in(request.uri()),
        Err(Rejection::PasswordOnce) if may_sign_in(&request) => {
            password::to_form(request.uri().path_and_query().map(|asked| asked.as_str()))
        }
        Err(Rejection::NoPart(region)) if may_sign_in(&request) => {
            let (mut parts, _) = request.into_parts();
            match Visit::from_request_parts(&mut parts, &state).await {
                Ok(visit) => visit.page(StatusCode::SERVICE_UNAVAILABLE, DoorContent::NoData { region }),
                Err(refused) => refused.into_response(),
            }
        }
        Err(refused) => refused.into_response(),
    }
}

/// Whether a request is a person's who could sign in.
fn may_sign_in(request: &Request) -> bool {
    bearer::token(request.headers()).is_none() && is_page(request)
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
    Ok(Viewer { signed, edition: part.edition(), part, grant: None, scope, peer })
}

/// Who holds a portal's token; the part is the one that the token names, whatever else there is.
async fn by_token(state: &AppState, token: &str, path: &str, peer: Option<IpAddr>) -> Result<Viewer, Rejection> {
    let guard = state.door().guard().ok_or(Rejection::NotFound)?;
    let grant = guard.access.keys.verify(token, UnixSeconds::now()).await?;
    bearer::check_path(&grant, path)?;
    let scope = grant.scope.clone();
    let part = state.parts().of(&scope).ok_or_else(|| Rejection::NoPart(region_of(&scope)))?;
    Ok(Viewer { signed: None, edition: part.edition(), part, grant: Some(Arc::new(grant)), scope, peer })
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
    let is_file = ["/api/", "/snapshot/", "/export/", "/embed/"].iter().any(|prefix| path.starts_with(prefix));
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
