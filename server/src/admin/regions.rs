//! Which regions have a part of their own, and who manages them.

use access::Scope;
use app::{AdminContent, RegionPart, RegionRow};
use axum::response::Response;

use super::Admin;
use crate::edition::Edition;
use crate::rejection::Rejection;

pub(super) async fn list(admin: Admin) -> Result<Response, Rejection> {
    let people = admin.access()?.people.all().await?;
    let mut names = admin.regions();
    // Who manages a region that the data do not know (any more) sees nothing; the admin should see that.
    for region in people.iter().filter_map(|user| user.role.region()) {
        if !names.iter().any(|name| name == region) {
            names.push(region.to_owned());
        }
    }
    let row = |name: String| {
        let part = admin.visit.state().parts().of(&Scope::Region(name.clone()));
        let managers = people.iter().filter(|user| user.role.region() == Some(&name) && !user.disabled);
        let managers = managers.map(|user| user.name.clone()).collect();
        RegionRow { part: part.map(|part| described(&part.edition())), managers, name }
    };
    admin.page(None, AdminContent::Regions(names.into_iter().map(row).collect()))
}

fn described(edition: &Edition) -> RegionPart {
    let manifest = &edition.snapshot.manifest;
    RegionPart {
        built_at: manifest.built_at.clone(),
        data_until: manifest.data_until.to_string(),
        stores: manifest.dimensions.stores.len(),
        members: manifest.totals.members,
        wire_bytes: manifest.shards.iter().map(|shard| shard.wire_total()).sum(),
    }
}
