//! `wellspring embed-key`: the keys by which portals sign what their frames may show.

use std::fs;
use std::path::PathBuf;

use access::embed::{NewKey, NewMaterial, PortalKey};
use access::{Scope, UnixSeconds};
use anyhow::Context;

use super::metadata::{Metadata, noted};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    metadata: Metadata,
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Add a portal's key and print its `kid`.
    Add(Box<Add>),
    /// List all keys, revoked ones too.
    List,
    /// End a key and all its tokens, within seconds.
    Revoke {
        /// The key, as `list` shows it.
        #[arg(allow_hyphen_values = true)]
        kid: String,
    },
}

#[derive(Debug, clap::Args)]
struct Add {
    /// The portal's name, for people and the audit.
    #[arg(long)]
    name: String,
    /// Who may frame the views, such as `https://portal.example`; several with commas.
    #[arg(long, value_delimiter = ',', value_name = "ORIGINS")]
    origins: Vec<String>,
    /// What its tokens may show: `all`, `region:NAME`; several with commas.
    #[arg(long, value_delimiter = ',', required = true, value_name = "SCOPES")]
    scopes: Vec<Scope>,
    /// The views its tokens may name, such as `growth,stores`.
    #[arg(long, value_delimiter = ',', required = true, value_name = "VIEWS")]
    views: Vec<String>,
    /// A file with the portal's Ed25519 public key (PEM, a JWK's `x`, or 64 hexadecimal digits).
    #[arg(long, value_name = "FILE", required_unless_present = "hs256", conflicts_with = "hs256")]
    public_key: Option<PathBuf>,
    /// Make a secret for HS256 instead, for portals that cannot sign with Ed25519; it is printed once.
    #[arg(long)]
    hs256: bool,
    /// The `iss` that tokens must have.
    #[arg(long)]
    issuer: Option<String>,
    /// The `aud` that tokens must have.
    #[arg(long)]
    audience: Option<String>,
    /// Tokens may not ask for rows of single members.
    #[arg(long)]
    aggregate_only: bool,
}

impl Add {
    fn key(&self) -> anyhow::Result<NewKey> {
        let material = match &self.public_key {
            Some(file) => {
                let public_key = fs::read_to_string(file).with_context(|| file.display().to_string())?;
                NewMaterial::EdDsa { public_key }
            }
            None => NewMaterial::Hs256,
        };
        Ok(NewKey {
            portal: self.name.clone(),
            material,
            origins: self.origins.clone(),
            scopes: self.scopes.iter().cloned().collect(),
            views: self.views.iter().cloned().collect(),
            issuer: self.issuer.clone(),
            audience: self.audience.clone(),
            aggregate_only: self.aggregate_only,
        })
    }
}

pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    match &args.action {
        Action::Add(add) => {
            let new = add.key()?;
            args.metadata.with(async |access| {
                let change = access.keys.add(&new, UnixSeconds::now());
                let (key, secret) = noted(access, "embed_key.add", &new.portal, change).await?;
                let secret = secret.map_or_else(String::new, |secret| {
                    format!("secret     {} (keep it: it is never shown again)\n", secret.as_str())
                });
                super::print(&format!("kid        {}\n{secret}", key.kid))
            })
        }
        Action::List => args
            .metadata
            .with(async |access| super::print(&access.keys.all().await?.iter().map(line).collect::<String>())),
        Action::Revoke { kid } => args.metadata.with(async |access| {
            noted(access, "embed_key.revoke", kid, access.keys.revoke(kid, UnixSeconds::now())).await?;
            super::print(&format!("{kid} and all its tokens have ended\n"))
        }),
    }
}

fn line(key: &PortalKey) -> String {
    let list = |texts: Vec<String>| texts.join(",");
    let mut fields = vec![
        key.kid.clone(),
        key.portal.clone(),
        key.algorithm.word().to_owned(),
        list(key.scopes.iter().map(ToString::to_string).collect()),
        list(key.views.iter().cloned().collect()),
        list(key.origins.clone()),
    ];
    fields.extend(key.aggregate_only.then(|| "aggregate only".to_owned()));
    fields.extend(key.revoked.map(|_| "revoked".to_owned()));
    fields.join("\t") + "\n"
}
