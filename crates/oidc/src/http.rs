//! How the provider is reached: over TLS (or on this machine), for so long, for so much, and without following it
//! elsewhere.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use openidconnect::url::Url;
use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse, http};
use rustls::{ClientConfig, RootCertStore};

use crate::config::may_be_asked;
use crate::finish::told;

/// How long one answer may take, all of it.
const PATIENCE: Duration = Duration::from_secs(5);
/// Bytes of the largest answer: a set of keys with their certificates.
const MAX_BYTES: usize = 1 << 20;

/// Asks the provider.
#[derive(Clone, Debug)]
pub(crate) struct Http {
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
    provider_is_local: bool,
}

/// Why there was no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum HttpError {
    #[error("{0} is not https")]
    Plain(String),
    #[error("no answer within {} s", PATIENCE.as_secs())]
    Slow,
    #[error("{0}")]
    Failed(String),
}

impl Http {
    /// Trusts the certificates that this machine trusts.
    pub(crate) fn new(provider_is_local: bool) -> Result<Self, rustls::Error> {
        let mut roots = RootCertStore::empty();
        // A machine may have none: then no provider but one on it is reached, and that is told when it is asked.
        let (taken, _) = roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        tracing::debug!("{taken} certificates are trusted for the provider");
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
        let tls = tls.with_root_certificates(roots).with_no_client_auth();
        let connector = HttpsConnectorBuilder::new().with_tls_config(tls).https_or_http().enable_http1().build();
        Ok(Self { client: Client::builder(TokioExecutor::new()).build(connector), provider_is_local })
    }

    async fn send(self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let address = request.uri().to_string();
        if !Url::parse(&address).is_ok_and(|url| may_be_asked(&url, self.provider_is_local)) {
            return Err(HttpError::Plain(address));
        }
        let answer = async {
            let response = self.client.request(request.map(|body| Full::new(Bytes::from(body)))).await;
            let (head, body) = response.map_err(|error| HttpError::Failed(told(&error)))?.into_parts();
            let body = Limited::new(body, MAX_BYTES).collect().await;
            let body = body.map_err(|error| HttpError::Failed(format!("reading the answer: {error}")))?;
            Ok(http::Response::from_parts(head, body.to_bytes().to_vec()))
        };
        tokio::time::timeout(PATIENCE, answer).await.unwrap_or(Err(HttpError::Slow))
    }
}

impl<'c> AsyncHttpClient<'c> for Http {
    type Error = HttpError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, HttpError>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.clone().send(request))
    }
}
