//! The arguments that say where the company's provider of accounts is.

use std::fs;
use std::path::PathBuf;

use anyhow::Context;
use oidc::{Config, NameClaim};

use crate::company::RETURN;

#[derive(Debug, clap::Args)]
pub(crate) struct Oidc {
    /// The company's OpenID Connect provider, such as https://accounts.example; people may then sign in by it.
    #[arg(
        long,
        env = "WELLSPRING_OIDC_ISSUER",
        value_name = "URL",
        requires = "oidc_client_id",
        requires = "oidc_redirect"
    )]
    oidc_issuer: Option<String>,
    /// What the provider knows this server by.
    #[arg(long, env = "WELLSPRING_OIDC_CLIENT_ID", value_name = "ID", requires = "oidc_issuer")]
    oidc_client_id: Option<String>,
    /// A file with the client's secret; leave it out for a public client.
    #[arg(long, env = "WELLSPRING_OIDC_CLIENT_SECRET_FILE", value_name = "FILE", requires = "oidc_issuer")]
    oidc_client_secret_file: Option<PathBuf>,
    /// Where the provider sends people back to, as registered there: https://HOST/sign-in/company/return.
    #[arg(long, env = "WELLSPRING_OIDC_REDIRECT", value_name = "URL", requires = "oidc_issuer")]
    oidc_redirect: Option<String>,
    /// The claim that `user company` names people by: `email` (if verified), `preferred_username` or `sub`.
    #[arg(long, env = "WELLSPRING_OIDC_CLAIM", value_name = "CLAIM", default_value_t = NameClaim::Email)]
    oidc_claim: NameClaim,
}

impl Oidc {
    /// The provider, where one is named.
    pub(crate) fn config(&self) -> anyhow::Result<Option<Config>> {
        let (Some(issuer), Some(id), Some(redirect)) = (&self.oidc_issuer, &self.oidc_client_id, &self.oidc_redirect)
        else {
            return Ok(None);
        };
        let secret = self
            .oidc_client_secret_file
            .as_ref()
            .map(|file| fs::read_to_string(file).with_context(|| file.display().to_string()));
        let secret = secret.transpose()?;
        Ok(Some(Config::new(issuer, id, secret.as_deref(), redirect, RETURN, self.oidc_claim)?))
    }
}
