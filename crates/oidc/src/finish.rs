//! The second step: the code becomes a token, the token an account.

use std::error::Error;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use openidconnect::core::{
    CoreClient, CoreClientAuthMethod, CoreIdToken, CoreIdTokenClaims, CoreIdTokenVerifier, CoreJwsSigningAlgorithm,
    CoreProviderMetadata, CoreUserInfoClaims,
};
use openidconnect::{
    AccessToken, AuthType, AuthorizationCode, ClaimsVerificationError, Nonce, OAuth2TokenResponse, RequestTokenError,
    TokenResponse, UserInfoError,
};

use crate::config::NameClaim;
use crate::provider::{Account, Answer, Fault, Flow, Provider};

/// Seconds that a token may be old, which was made for this very answer.
const MAX_AGE_SECS: i64 = 600;
/// Seconds that the provider's clock may be ahead of ours.
const MAX_AHEAD_SECS: i64 = 60;

/// Algorithms whose signatures only the provider can make. Those with a shared secret are left out: whoever may read
/// the server's settings could sign.
const SIGNS: [CoreJwsSigningAlgorithm; 9] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

pub(crate) async fn finish(provider: &Provider, flow: &Flow, answer: &Answer<'_>) -> Result<Account, Fault> {
    let config = &provider.config;
    // Another provider's answer, sent here so that we take its code to ours.
    if answer.issuer.is_some_and(|issuer| issuer != config.issuer.as_str()) {
        return Err(Fault::Refused("issuer"));
    }
    let metadata = provider.metadata().await?;
    let (token, access) = exchange(provider, &metadata, flow, answer.code).await?;
    let nonce = Nonce::new(flow.nonce.clone());
    let claims = match verified(provider, &metadata, &token, &nonce) {
        // The provider may have begun to sign with another key.
        Err(ClaimsVerificationError::SignatureVerification(_)) => {
            let anew = provider.metadata_anew(&metadata).await?;
            verified(provider, &anew, &token, &nonce)
        }
        done => done,
    };
    let claims = claims.map_err(|error| Fault::Refused(word(&error)))?;
    let subject = format!("{} {}", config.issuer.as_str(), claims.subject().as_str());
    let name = match name(config.claim, claims) {
        // Providers may keep what the token has no room for at another address.
        Named::Unsaid if metadata.userinfo_endpoint().is_some() => {
            name_from_info(provider, &metadata, access, claims).await?
        }
        Named::Is(name) => Some(name),
        Named::Unsaid | Named::Unverified => None,
    };
    Ok(Account { subject, name })
}

async fn exchange(
    provider: &Provider,
    metadata: &CoreProviderMetadata,
    flow: &Flow,
    code: &str,
) -> Result<(CoreIdToken, AccessToken), Fault> {
    let config = &provider.config;
    let secret = config.client_secret.clone();
    let methods = metadata.token_endpoint_auth_methods_supported();
    // Unsaid means the header.
    let by_header = methods.is_none_or(|methods| methods.contains(&CoreClientAuthMethod::ClientSecretBasic));
    let client = CoreClient::from_provider_metadata(metadata.clone(), config.client_id.clone(), secret)
        .set_redirect_uri(config.redirect.clone())
        .set_auth_type(if by_header { AuthType::BasicAuth } else { AuthType::RequestBody });
    let request = client.exchange_code(AuthorizationCode::new(code.to_owned()));
    let request = request.map_err(|_| Fault::Down("it names no address for tokens".to_owned()))?;
    let response = request.set_pkce_verifier(flow.verifier()).request_async(&provider.http).await;
    let response = response.map_err(|error| match &error {
        RequestTokenError::ServerResponse(_) => Fault::Refused("code"),
        // Its text may quote the answer, tokens and all.
        RequestTokenError::Parse(..) => Fault::Refused("token"),
        RequestTokenError::Request(error) => Fault::Down(told(error)),
        RequestTokenError::Other(_) => Fault::Down("it gave no token".to_owned()),
    })?;
    let token = response.id_token().cloned().ok_or(Fault::Refused("token"))?;
    Ok((token, response.access_token().clone()))
}

fn verified<'t>(
    provider: &Provider,
    metadata: &CoreProviderMetadata,
    token: &'t CoreIdToken,
    nonce: &Nonce,
) -> Result<&'t CoreIdTokenClaims, ClaimsVerificationError> {
    let config = &provider.config;
    let said = metadata.id_token_signing_alg_values_supported();
    let keys = metadata.jwks().clone();
    let verifier = CoreIdTokenVerifier::new_public_client(config.client_id.clone(), config.issuer.clone(), keys)
        .set_allowed_algs(SIGNS.into_iter().filter(|algorithm| said.contains(algorithm)))
        .set_issue_time_verifier_fn(|at| {
            let age = now() - at.timestamp();
            let is_fresh = (-MAX_AHEAD_SECS..=MAX_AGE_SECS).contains(&age);
            if is_fresh { Ok(()) } else { Err(format!("made {age} s ago")) }
        });
    token.claims(&verifier, nonce)
}

fn now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
}

fn word(error: &ClaimsVerificationError) -> &'static str {
    match error {
        ClaimsVerificationError::Expired(_) => "expired",
        ClaimsVerificationError::InvalidAudience(_) => "audience",
        ClaimsVerificationError::InvalidIssuer(_) => "issuer",
        ClaimsVerificationError::InvalidNonce(_) => "nonce",
        ClaimsVerificationError::SignatureVerification(_) => "signature",
        _ => "token",
    }
}

/// What a claim says.
enum Named {
    Is(String),
    /// Said, but not vouched for.
    Unverified,
    Unsaid,
}

fn name(claim: NameClaim, claims: &CoreIdTokenClaims) -> Named {
    match claim {
        NameClaim::Subject => Named::Is(claims.subject().to_string()),
        NameClaim::PreferredUsername => {
            claims.preferred_username().map_or(Named::Unsaid, |name| Named::Is(name.to_string()))
        }
        NameClaim::Email => mail(claims.email().map(|mail| mail.to_string()), claims.email_verified()),
    }
}

fn mail(mail: Option<String>, verified: Option<bool>) -> Named {
    match (mail, verified) {
        (None, _) => Named::Unsaid,
        (Some(mail), Some(true)) => Named::Is(mail),
        (Some(_), _) => Named::Unverified,
    }
}

async fn name_from_info(
    provider: &Provider,
    metadata: &Arc<CoreProviderMetadata>,
    access: AccessToken,
    claims: &CoreIdTokenClaims,
) -> Result<Option<String>, Fault> {
    let client = CoreClient::from_provider_metadata((**metadata).clone(), provider.config.client_id.clone(), None);
    // The subject is compared: the answer must be about the same account.
    let request = client.user_info(access, Some(claims.subject().clone())).map_err(|_| Fault::Refused("account"))?;
    let info: CoreUserInfoClaims = request.request_async(&provider.http).await.map_err(|error| match error {
        UserInfoError::Request(error) => Fault::Down(told(&error)),
        _ => Fault::Refused("account"),
    })?;
    let named = match provider.config.claim {
        NameClaim::Subject => Named::Is(claims.subject().to_string()),
        NameClaim::PreferredUsername => {
            info.preferred_username().map_or(Named::Unsaid, |name| Named::Is(name.to_string()))
        }
        NameClaim::Email => mail(info.email().map(|mail| mail.to_string()), info.email_verified()),
    };
    Ok(match named {
        Named::Is(name) => Some(name),
        Named::Unsaid | Named::Unverified => None,
    })
}

/// An error with what caused it: hyper's own texts say little.
pub(crate) fn told(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(&format!(": {error}"));
        cause = error.source();
    }
    text
}
