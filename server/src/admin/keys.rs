//! The keys of portals.

use access::embed::{NewKey, NewMaterial, PortalKey};
use access::{Scope, UnixSeconds};
use app::{AdminContent, AdminTold, KeyDraft, KeyRow, PortalKeys};
use axum::response::Response;

use super::{Admin, Body, told};
use crate::rejection::Rejection;
use crate::visit::Fields;

type Made = Option<(String, Option<String>)>;

pub(super) async fn list(admin: Admin) -> Result<Response, Rejection> {
    all(&admin, None, KeyDraft::default(), None).await
}

async fn all(admin: &Admin, told: Option<AdminTold>, draft: KeyDraft, made: Made) -> Result<Response, Rejection> {
    let rows = admin.access()?.keys.all().await?.iter().rev().map(row).collect();
    admin.page(told, AdminContent::Keys(Box::new(PortalKeys { rows, regions: admin.regions(), draft, made })))
}

pub(super) async fn change(admin: Admin, body: Body) -> Result<Response, Rejection> {
    let Some(fields) = admin.sent(body)? else {
        return all(&admin, Some(AdminTold::Foreign), KeyDraft::default(), None).await;
    };
    if fields.get("do") == "add" {
        return add(&admin, &fields).await;
    }
    let kid = fields.get("kid");
    let change = admin.access()?.keys.revoke(kid, UnixSeconds::now());
    let told = match admin.noted("embed_key.revoke", kid, change).await? {
        Ok(()) => AdminTold::KeyRevoked,
        Err(error) => told(error)?,
    };
    all(&admin, Some(told), KeyDraft::default(), None).await
}

async fn add(admin: &Admin, fields: &Fields) -> Result<Response, Rejection> {
    let all_of = |name: &str| fields.all(name).map(str::to_owned).collect::<Vec<_>>();
    let draft = KeyDraft {
        portal: fields.get("portal").trim().to_owned(),
        origins: fields.get("origins").to_owned(),
        scopes: all_of("scopes"),
        views: all_of("views"),
        public_key: fields.get("public_key").trim().to_owned(),
        hs256: fields.get("hs256") == "1",
        aggregate_only: fields.get("aggregate_only") == "1",
    };
    let new = match checked(&draft) {
        Ok(new) => new,
        Err(refused) => return all(admin, Some(refused), draft, None).await,
    };
    let change = admin.access()?.keys.add(&new, UnixSeconds::now());
    match admin.noted("embed_key.add", &new.portal, change).await? {
        Ok((key, secret)) => {
            let made = (key.kid, secret.map(|secret| secret.as_str().to_owned()));
            all(admin, Some(AdminTold::KeyAdded), KeyDraft::default(), Some(made)).await
        }
        Err(error) => all(admin, Some(told(error)?), draft, None).await,
    }
}

/// A draft as a key, as far as the form itself can tell.
fn checked(draft: &KeyDraft) -> Result<NewKey, AdminTold> {
    let scopes = draft.scopes.iter().map(|word| word.parse::<Scope>());
    let scopes = scopes.collect::<Result<_, _>>().map_err(|_| AdminTold::Scopes)?;
    let material = match (draft.hs256, draft.public_key.is_empty()) {
        (true, true) => NewMaterial::Hs256,
        (false, false) => NewMaterial::EdDsa { public_key: draft.public_key.clone() },
        _ => return Err(AdminTold::PublicKey),
    };
    let origins = draft.origins.split(|c: char| c == ',' || c.is_whitespace()).filter(|origin| !origin.is_empty());
    Ok(NewKey {
        portal: draft.portal.clone(),
        material,
        origins: origins.map(str::to_owned).collect(),
        scopes,
        views: draft.views.iter().cloned().collect(),
        issuer: None,
        audience: None,
        aggregate_only: draft.aggregate_only,
    })
}

fn row(key: &PortalKey) -> KeyRow {
    KeyRow {
        kid: key.kid.clone(),
        portal: key.portal.clone(),
        algorithm: key.algorithm.word().to_owned(),
        origins: key.origins.clone(),
        scopes: key.scopes.iter().map(ToString::to_string).collect(),
        views: key.views.iter().cloned().collect(),
        aggregate_only: key.aggregate_only,
        created: key.created.0,
        revoked: key.revoked.map(|at| at.0),
    }
}
