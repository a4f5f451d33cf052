//! The provider: what it says of itself, remembered for a while, and the two steps of signing in.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use openidconnect::core::{CoreClient, CoreProviderMetadata, CoreResponseType};
use openidconnect::url::Url;
use openidconnect::{AuthenticationFlow, CsrfToken, Nonce, PkceCodeChallenge, PkceCodeVerifier, Scope};
use tokio::sync::Mutex;

use crate::config::{Config, NameClaim, may_be_asked};
use crate::finish;
use crate::http::Http;

/// What the provider says of itself is asked for again after so long.
const KEPT: Duration = Duration::from_secs(3_600);
/// After it did not answer, so long it is not asked again: many readers must not wait in line for nothing.
const SPARED: Duration = Duration::from_secs(5);
/// Keys that nobody knew of are looked for at most this often.
const LOOKED: Duration = Duration::from_secs(30);

/// The company's provider of accounts.
pub struct Provider {
    pub(crate) config: Config,
    pub(crate) http: Http,
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    metadata: Option<(Arc<CoreProviderMetadata>, Instant)>,
    failed: Option<(String, Instant)>,
    looked: Option<Instant>,
}

/// The secrets of one sign-in, which the browser that began it gets back in a cookie.
#[derive(Clone)]
pub struct Flow {
    /// Comes back in the address; the caller compares it.
    pub state: String,
    /// Comes back in the token.
    pub nonce: String,
    /// Shows the provider that who fetches the token is who began. 43 to 128 letters and digits.
    pub verifier: String,
}

/// What the provider sent the browser back with.
#[derive(Clone)]
pub struct Answer<'a> {
    /// The code to fetch a token with.
    pub code: &'a str,
    /// Who says so, where the provider names itself (RFC 9207).
    pub issuer: Option<&'a str>,
}

/// Who signed in, as the provider says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Provider and subject in one, never another's.
    pub subject: String,
    /// What an administrator knows the account by; `None` where the provider does not say it, or has not verified it.
    pub name: Option<String>,
}

/// Why nobody was signed in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The provider does not answer, or not as one; nothing is wrong with the reader.
    #[error("the provider does not answer: {0}")]
    Down(String),
    /// What came back does not hold, by one word: `issuer`, `code`, `signature`, `expired`, `audience`, `nonce`,
    /// `token`, `account`.
    #[error("refused: {0}")]
    Refused(&'static str),
}

impl Provider {
    /// Nothing is asked yet.
    ///
    /// # Errors
    /// When this machine's TLS cannot be set up.
    pub fn new(config: Config) -> Result<Self, Fault> {
        let http = Http::new(config.is_local()).map_err(|error| Fault::Down(format!("TLS: {error}")))?;
        Ok(Self { config, http, known: Mutex::default() })
    }

    /// The address at the provider to send a browser to.
    ///
    /// # Errors
    /// When the provider does not answer, or would have people sign in over plain HTTP.
    pub async fn begin(&self, flow: &Flow) -> Result<Url, Fault> {
        let metadata = self.metadata().await?;
        let endpoint = metadata.authorization_endpoint().url();
        if !may_be_asked(endpoint, self.config.is_local()) {
            return Err(Fault::Down(format!("its page to sign in is not https: {endpoint}")));
        }
        let client = CoreClient::from_provider_metadata((*metadata).clone(), self.config.client_id.clone(), None)
            .set_redirect_uri(self.config.redirect.clone());
        let (state, nonce) = (CsrfToken::new(flow.state.clone()), Nonce::new(flow.nonce.clone()));
        let challenge = PkceCodeChallenge::from_code_verifier_sha256(&flow.verifier());
        let mut request = client
            .authorize_url(AuthenticationFlow::<CoreResponseType>::AuthorizationCode, || state, || nonce)
            .set_pkce_challenge(challenge);
        for scope in match self.config.claim {
            NameClaim::Email => &["email"][..],
            NameClaim::PreferredUsername => &["profile"],
            NameClaim::Subject => &[],
        } {
            request = request.add_scope(Scope::new((*scope).to_owned()));
        }
        Ok(request.url().0)
    }

    /// Fetches the token that a code stands for, verifies it, and says whose account it is.
    ///
    /// # Errors
    /// When the provider does not answer, or what it says does not hold.
    pub async fn finish(&self, flow: &Flow, answer: &Answer<'_>) -> Result<Account, Fault> {
        finish::finish(self, flow, answer).await
    }

    /// What the provider says of itself.
    pub(crate) async fn metadata(&self) -> Result<Arc<CoreProviderMetadata>, Fault> {
        let mut known = self.known.lock().await;
        if let Some((metadata, _)) = known.metadata.as_ref().filter(|(_, at)| at.elapsed() < KEPT) {
            return Ok(Arc::clone(metadata));
        }
        self.ask(&mut known).await
    }

    /// What it says now: its keys may be new. What was known before where they were looked for a moment ago.
    pub(crate) async fn metadata_anew(
        &self,
        before: &Arc<CoreProviderMetadata>,
    ) -> Result<Arc<CoreProviderMetadata>, Fault> {
        let mut known = self.known.lock().await;
        if known.looked.is_some_and(|at| at.elapsed() < LOOKED) {
            return Ok(known.metadata.as_ref().map_or_else(|| Arc::clone(before), |(now, _)| Arc::clone(now)));
        }
        known.looked = Some(Instant::now());
        self.ask(&mut known).await
    }

    async fn ask(&self, known: &mut Known) -> Result<Arc<CoreProviderMetadata>, Fault> {
        if let Some((why, _)) = known.failed.as_ref().filter(|(_, at)| at.elapsed() < SPARED) {
            return Err(Fault::Down(why.clone()));
        }
        match CoreProviderMetadata::discover_async(self.config.issuer.clone(), &self.http).await {
            Ok(metadata) => {
                let metadata = Arc::new(metadata);
                (known.metadata, known.failed) = (Some((Arc::clone(&metadata), Instant::now())), None);
                Ok(metadata)
            }
            Err(error) => {
                let why = finish::told(&error);
                known.failed = Some((why.clone(), Instant::now()));
                Err(Fault::Down(why))
            }
        }
    }
}

impl Flow {
    pub(crate) fn verifier(&self) -> PkceCodeVerifier {
        PkceCodeVerifier::new(self.verifier.clone())
    }
}

impl fmt::Debug for Flow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Flow(…)")
    }
}

impl fmt::Debug for Answer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Answer(…)")
    }
}

impl fmt::Debug for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Provider({:?})", self.config)
    }
}
