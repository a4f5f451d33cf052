//! Signing in by the company's own provider of accounts: out to it with secrets that only this browser gets, and back.
//!
//! Nothing is stored: the cookie is random, and what goes to the provider (state, nonce, PKCE's verifier) is derived
//! from it with a key of the server's. So an answer fits only in the browser that asked, within ten minutes, and the
//! cookie is taken away with the first answer. Where to go afterwards and the language stand in the cookie too, not in
//! the state: the provider need not know what a reader looks at.

use access::audit::Event;
use access::{Error, Subkey, UnixSeconds};
use app::DoorProblem;
use axum::Router;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use axum::routing::get;
use form_urlencoded::{Serializer, byte_serialize, parse};
use oidc::{Account, Answer, Fault, Flow, Provider};

use crate::cookies;
use crate::door::Guard;
use crate::rejection::Rejection;
use crate::security::Nonce;
use crate::sign_in::{event, go_to, set_cookie};
use crate::state::AppState;
use crate::visit::{Visit, own_path};

/// Where the provider sends people back to.
pub(crate) const RETURN: &str = "/sign-in/company/return";
/// Seconds between going out and coming back.
const PATIENCE_SECS: i64 = 600;
/// Bytes of a place to go to that are worth carrying along.
const NEXT_MAX_BYTES: usize = 1_000;

/// The provider, and the key that its answers are known by.
#[derive(Debug)]
pub(crate) struct Company {
    provider: Provider,
    key: Subkey,
}

/// What a browser carries from going out to coming back.
#[derive(Debug)]
struct Carried {
    value: String,
    begun: UnixSeconds,
    lang: String,
    next: Option<String>,
}

/// The two addresses; a server without a provider answers 404.
pub(crate) fn router() -> Router<AppState> {
    Router::new().route("/sign-in/company", get(begin)).route(RETURN, get(finish))
}

impl Company {
    /// Nothing is asked of the provider yet.
    ///
    /// # Errors
    /// When this machine's TLS cannot be set up.
    pub(crate) fn new(config: oidc::Config, key: Subkey) -> Result<Self, Fault> {
        Ok(Self { provider: Provider::new(config)?, key })
    }

    fn flow(&self, cookie: &str) -> Flow {
        let derived = |what: &str| self.derived(what, cookie).to_hex().to_string();
        Flow { state: derived("state"), nonce: derived("nonce"), verifier: derived("verifier") }
    }

    fn derived(&self, what: &str, cookie: &str) -> blake3::Hash {
        blake3::keyed_hash(&self.key, format!("{what} {cookie}").as_bytes())
    }

    /// Whether an answer's state is this browser's; compared in constant time.
    fn is_own(&self, cookie: &str, state: &str) -> bool {
        blake3::Hash::from_hex(state).is_ok_and(|state| state == self.derived("state", cookie))
    }
}

impl Carried {
    fn new(lang: &str, next: Option<String>) -> Result<Self, Rejection> {
        let random = Nonce::random().map_err(|fault| Rejection::Page(format!("no random bits: {fault}")))?.0;
        let begun = UnixSeconds::now();
        let next = next.filter(|next| next.len() <= NEXT_MAX_BYTES);
        let safe = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
        let (lang, path) = (lang.chars().take(8).collect::<String>(), next.as_deref().unwrap_or_default());
        let value = format!("{random}:{}:{}:{}", begun.0, safe(&lang), safe(path));
        Ok(Self { value, begun, lang, next })
    }

    fn read(headers: &HeaderMap) -> Option<Self> {
        let value = cookies::read_long(headers, cookies::COMPANY)?;
        let mut parts = value.split(':').skip(1);
        let begun = UnixSeconds(parts.next()?.parse().ok()?);
        let text = |part: &str| parse(format!("x={part}").as_bytes()).next().map(|(_, text)| text.into_owned());
        let (lang, next) = (text(parts.next()?)?, text(parts.next()?)?);
        Some(Self { value: value.to_owned(), begun, lang, next: own_path(&next) })
    }

    fn is_late(&self) -> bool {
        !(0..=PATIENCE_SECS).contains(&UnixSeconds::now().since(self.begun))
    }
}

fn company(guard: &Guard) -> Result<&Company, Rejection> {
    guard.company.as_ref().ok_or(Rejection::NotFound)
}

/// Sends the browser to the provider.
async fn begin(visit: Visit) -> Result<Response, Rejection> {
    let guard = visit.guard()?;
    let company = company(guard)?;
    let carried = Carried::new(visit.asked("lang"), own_path(visit.asked("next")))?;
    if guard.access.attempts.check_peer(visit.peer).is_err() {
        return Ok(back(&carried.lang, carried.next.as_deref(), DoorProblem::CompanyRefused));
    }
    match company.provider.begin(&company.flow(&carried.value)).await {
        Ok(address) => {
            let mut response = go_to(address.as_str());
            set_cookie(&mut response, cookies::set_company(&carried.value));
            Ok(response)
        }
        Err(fault) => {
            tracing::warn!("signing in with a company account: {fault}");
            Ok(back(&carried.lang, carried.next.as_deref(), DoorProblem::CompanyDown))
        }
    }
}

/// Takes the provider's answer. Whatever comes of it, it came once.
async fn finish(visit: Visit) -> Result<Response, Rejection> {
    let guard = visit.guard()?;
    let company = company(guard)?;
    let carried = Carried::read(&visit.headers);
    let (lang, next) = carried.as_ref().map_or((visit.asked("lang"), None), |c| (c.lang.as_str(), c.next.as_deref()));
    let mut response = match account(company, &visit, carried.as_ref()).await {
        Ok(account) => enter(guard, &visit, &account, lang, next).await?,
        Err(fault) => {
            tracing::warn!("signing in with a company account: {fault}");
            let (problem, why) = match fault {
                Fault::Down(_) => (DoorProblem::CompanyDown, "down"),
                Fault::Refused(why) => (DoorProblem::CompanyRefused, why),
            };
            refused(guard, &visit, why).await?;
            back(lang, next, problem)
        }
    };
    set_cookie(&mut response, cookies::clear(cookies::COMPANY));
    Ok(response)
}

/// Whose account it is, if the answer is to this browser's question.
async fn account(company: &Company, visit: &Visit, carried: Option<&Carried>) -> Result<Account, Fault> {
    let carried = carried.ok_or(Fault::Refused("cookie"))?;
    if !company.is_own(&carried.value, visit.asked("state")) {
        return Err(Fault::Refused("state"));
    }
    if carried.is_late() {
        return Err(Fault::Refused("late"));
    }
    let text = |name: &str| Some(visit.asked(name)).filter(|text| !text.is_empty());
    let (Some(code), None) = (text("code"), text("error")) else { return Err(Fault::Refused("cancelled")) };
    let answer = Answer { code, issuer: text("iss") };
    company.provider.finish(&company.flow(&carried.value), &answer).await
}

/// Begins a session for who has that account here.
async fn enter(
    guard: &Guard,
    visit: &Visit,
    account: &Account,
    lang: &str,
    next: Option<&str>,
) -> Result<Response, Rejection> {
    let user = guard.access.people.recognize_company(&account.subject, account.name.as_deref()).await?;
    let Some(user) = user else {
        refused(guard, visit, "unknown").await?;
        return Ok(back(lang, next, DoorProblem::CompanyUnknown));
    };
    let event = Event {
        scope: Some(user.role.home()),
        subject: "company".into(),
        ..event(visit, user.name.clone(), "sign_in")
    };
    guard.note(&event).await?;
    let before = cookies::read(&visit.headers, cookies::SESSION);
    match guard.access.sessions.begin_company(&user, before, UnixSeconds::now()).await {
        Err(Error::Overtaken { .. }) => Ok(back(lang, next, DoorProblem::CompanyUnknown)),
        begun => {
            let mut response = go_to(next.unwrap_or("/"));
            set_cookie(&mut response, cookies::set_session(begun?.as_str()));
            Ok(response)
        }
    }
}

/// In the audit with the reason in one word, and without what the provider calls them.
async fn refused(guard: &Guard, visit: &Visit, why: &str) -> Result<(), Rejection> {
    let event = event(visit, "(unknown)".to_owned(), "sign_in.refused");
    guard.note(&Event { subject: format!("company: {why}"), ..event }).await
}

/// Back to the form, with a sentence; a password may still do.
fn back(lang: &str, next: Option<&str>, problem: DoorProblem) -> Response {
    let mut query = Serializer::new(String::new());
    if !lang.is_empty() {
        query.append_pair("lang", lang);
    }
    if let Some(next) = next {
        query.append_pair("next", next);
    }
    let word = PROBLEMS.iter().find(|(_, known)| *known == problem).map_or("", |(word, _)| word);
    let mut response = go_to(&format!("/sign-in?{}", query.append_pair("problem", word).finish()));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// The problems that an address may name; with a form they come from us alone.
const PROBLEMS: [(&str, DoorProblem); 3] = [
    ("company_down", DoorProblem::CompanyDown),
    ("company_refused", DoorProblem::CompanyRefused),
    ("company_unknown", DoorProblem::CompanyUnknown),
];

/// The problem that the sign-in page's address names.
pub(crate) fn problem(word: &str) -> Option<DoorProblem> {
    PROBLEMS.iter().find(|(known, _)| *known == word).map(|(_, problem)| *problem)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(value: &str) -> Option<Carried> {
        let cookie = HeaderValue::from_str(&format!("a=b; {}={value}", cookies::COMPANY)).expect("a header");
        Carried::read(&HeaderMap::from_iter([(header::COOKIE, cookie)]))
    }

    #[test]
    fn what_is_carried_comes_back_unless_it_leads_elsewhere_or_is_late() {
        let next = "/stores?region=%E5%8D%8E%E4%B8%9C&by=a+b;c:d";
        let carried =
            Carried::new("en", own_path(next)).ok().and_then(|carried| read(&carried.value)).expect("a cookie");
        assert_eq!((carried.lang.as_str(), carried.next.as_deref(), carried.is_late()), ("en", Some(next), false));
        let long = format!("/{}", "x".repeat(NEXT_MAX_BYTES));
        assert_eq!(Carried::new("", Some(long)).ok().and_then(|carried| carried.next), None);
        let now = UnixSeconds::now();
        for (value, is_late) in [(now.plus(-599), false), (now.plus(-602), true), (now.plus(60), true)] {
            let carried = read(&format!("00:{}::%2F", value.0)).expect("a cookie");
            assert_eq!((carried.is_late(), carried.next.as_deref()), (is_late, Some("/")));
        }
        for elsewhere in ["%2F%2Fevil.example", "https%3A%2F%2Fevil.example", "%2Fsign-out", ""] {
            assert_eq!(read(&format!("00:{}::{elsewhere}", now.0)).expect("a cookie").next, None, "{elsewhere}");
        }
        for none in ["x", "x:y::", "x:1", "x:1:"] {
            assert!(read(none).is_none(), "{none}");
        }
    }
}
