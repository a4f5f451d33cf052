//! What a server has to be told about the provider.

use std::fmt;
use std::str::FromStr;

use openidconnect::url::{Host, Url};
use openidconnect::{ClientId, ClientSecret, IssuerUrl, RedirectUrl};

/// Where the provider is, and what it knows this server by.
#[derive(Clone)]
pub struct Config {
    pub(crate) issuer: IssuerUrl,
    pub(crate) client_id: ClientId,
    pub(crate) client_secret: Option<ClientSecret>,
    pub(crate) redirect: RedirectUrl,
    pub(crate) claim: NameClaim,
}

/// Which claim an administrator knows people's accounts by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NameClaim {
    /// `email`, where the provider says that it has verified it.
    #[default]
    Email,
    /// `preferred_username`: only where people cannot choose it themselves.
    PreferredUsername,
    /// `sub`, the provider's own name for someone, which never changes.
    Subject,
}

/// A setting that cannot be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{setting}: {given:?} {problem}")]
pub struct ConfigError {
    /// Which, as on the command line.
    pub setting: &'static str,
    /// What was given; empty for secrets.
    pub given: String,
    /// What is wrong and what would be right.
    pub problem: String,
}

impl ConfigError {
    fn new(setting: &'static str, given: &str, problem: impl Into<String>) -> Self {
        Self { setting, given: given.to_owned(), problem: problem.into() }
    }
}

impl Config {
    /// Checks the settings. `path` is where the provider sends people back to on this server.
    ///
    /// # Errors
    /// When an address is not `https://` (plain HTTP is taken from this machine only), the redirect does not lead to
    /// `path`, or the client's name or secret is empty.
    pub fn new(
        issuer: &str,
        client_id: &str,
        client_secret: Option<&str>,
        redirect: &str,
        path: &str,
        claim: NameClaim,
    ) -> Result<Self, ConfigError> {
        checked("--oidc-issuer", issuer)?;
        let lands = checked("--oidc-redirect", redirect)?;
        if lands.path() != path || lands.query().is_some() || lands.fragment().is_some() {
            let problem =
                format!("does not lead to {path}: write https://HOST{path} and register that at the provider");
            return Err(ConfigError::new("--oidc-redirect", redirect, problem));
        }
        if client_id.trim().is_empty() {
            return Err(ConfigError::new("--oidc-client-id", client_id, "is empty: the provider gave you one"));
        }
        let client_secret = client_secret.map(str::trim);
        if client_secret == Some("") {
            return Err(ConfigError::new(
                "--oidc-client-secret-file",
                "",
                "is empty: leave it out for a public client",
            ));
        }
        let bad = |setting, given: &str, error: openidconnect::url::ParseError| {
            ConfigError::new(setting, given, format!("is no address: {error}"))
        };
        Ok(Self {
            issuer: IssuerUrl::new(issuer.to_owned()).map_err(|error| bad("--oidc-issuer", issuer, error))?,
            client_id: ClientId::new(client_id.trim().to_owned()),
            client_secret: client_secret.map(|secret| ClientSecret::new(secret.to_owned())),
            redirect: RedirectUrl::new(redirect.to_owned()).map_err(|error| bad("--oidc-redirect", redirect, error))?,
            claim,
        })
    }

    /// Whether the provider is on this machine, where plain HTTP is no risk.
    pub(crate) fn is_local(&self) -> bool {
        is_local(self.issuer.url())
    }
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Config({}, {})", self.issuer.as_str(), self.claim)
    }
}

impl fmt::Display for NameClaim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Email => "email",
            Self::PreferredUsername => "preferred_username",
            Self::Subject => "sub",
        })
    }
}

impl FromStr for NameClaim {
    type Err = ConfigError;

    fn from_str(text: &str) -> Result<Self, ConfigError> {
        let claims = [Self::Email, Self::PreferredUsername, Self::Subject];
        let known = claims.into_iter().find(|claim| claim.to_string() == text);
        known.ok_or_else(|| ConfigError::new("--oidc-claim", text, "is not one of email, preferred_username, sub"))
    }
}

/// Whether an address may be asked: `https`, or plain HTTP where both ends are this machine.
pub(crate) fn may_be_asked(url: &Url, provider_is_local: bool) -> bool {
    url.scheme() == "https" || (url.scheme() == "http" && provider_is_local && is_local(url))
}

fn is_local(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

fn checked(setting: &'static str, text: &str) -> Result<Url, ConfigError> {
    let url = Url::parse(text).map_err(|error| ConfigError::new(setting, text, format!("is no address: {error}")))?;
    if !may_be_asked(&url, true) {
        return Err(ConfigError::new(setting, text, "is not https; plain http is taken on this machine only"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(ConfigError::new(setting, "", "holds a name or a password: leave them out"));
    }
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ISSUER: &str = "https://accounts.example";
    const REDIRECT: &str = "https://dash.example/sign-in/company/return";
    const PATH: &str = "/sign-in/company/return";

    fn config(issuer: &str, id: &str, secret: Option<&str>, redirect: &str) -> Result<Config, ConfigError> {
        Config::new(issuer, id, secret, redirect, PATH, NameClaim::Email)
    }

    #[test]
    fn settings_that_fit_are_taken_and_never_shown_with_the_secret() {
        let config = config(ISSUER, "wellspring", Some("s3cret-of-ours\n"), REDIRECT).expect("good");
        assert!(!format!("{config:?}").contains("s3cret") && !config.is_local());
        for (issuer, redirect) in [
            ("http://127.0.0.1:4000", "http://localhost:3000/sign-in/company/return"),
            ("http://[::1]:4000/realm", "http://app.localhost/sign-in/company/return"),
        ] {
            assert!(
                super::Config::new(issuer, "w", None, redirect, PATH, NameClaim::Subject).is_ok_and(|c| c.is_local())
            );
        }
    }

    #[test]
    fn settings_that_do_not_fit_are_refused_by_name() {
        for (issuer, id, secret, redirect, setting) in [
            ("accounts.example", "w", None, REDIRECT, "--oidc-issuer"),
            ("http://accounts.example", "w", None, REDIRECT, "--oidc-issuer"),
            ("ftp://accounts.example", "w", None, REDIRECT, "--oidc-issuer"),
            ("https://u:p@accounts.example", "w", None, REDIRECT, "--oidc-issuer"),
            (ISSUER, " ", None, REDIRECT, "--oidc-client-id"),
            (ISSUER, "w", Some(" \n"), REDIRECT, "--oidc-client-secret-file"),
            (ISSUER, "w", None, "http://dash.example/sign-in/company/return", "--oidc-redirect"),
            (ISSUER, "w", None, "https://dash.example/", "--oidc-redirect"),
            (ISSUER, "w", None, "https://dash.example/sign-in/company/return?x=1", "--oidc-redirect"),
            (ISSUER, "w", None, "https://dash.example/sign-in/company/return#x", "--oidc-redirect"),
        ] {
            let error = config(issuer, id, secret, redirect).expect_err(setting);
            assert_eq!(error.setting, setting, "{error}");
        }
        assert!("mail".parse::<NameClaim>().is_err());
        assert_eq!("sub".parse::<NameClaim>(), Ok(NameClaim::Subject));
    }
}
