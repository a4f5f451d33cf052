//! Who did what.

use access::audit::{Filter, Listed};
use app::{AdminContent, AuditList, AuditRow, ChainState};
use axum::body::Body;
use axum::http::header;
use axum::response::{IntoResponse, Response};

use super::Admin;
use crate::rejection::Rejection;

/// Entries on one page.
const ROWS: usize = 100;

pub(super) async fn list(admin: Admin) -> Result<Response, Rejection> {
    let asked = |name: &str| admin.visit.asked(name).trim().to_owned();
    let (who, what, before) = (asked("who"), asked("what"), asked("before").parse().ok());
    let audit = &admin.access()?.audit;
    let found = audit.search(&Filter { who: who.clone(), what: what.clone() }, ROWS, before).await?;
    let chain = match asked("verify").as_str() {
        "1" => Some(match admin.noted("audit.verify", "", audit.verify(None)).await?? {
            Ok(sound) => {
                ChainState::Sound { entries: sound.entries, head: format!("{}:{}", sound.head.seq, sound.head.hash) }
            }
            Err(broken) => ChainState::Broken { seq: broken.seq },
        }),
        _ => None,
    };
    let rows = found.entries.into_iter().map(row).collect();
    admin.page(None, AdminContent::Audit(Box::new(AuditList { rows, who, what, next: found.next, chain })))
}

fn row(listed: Listed) -> AuditRow {
    let Some(entry) = listed.entry else { return AuditRow { seq: listed.seq, ..AuditRow::default() } };
    let from = entry.portal.or(entry.address).unwrap_or_default();
    let (scope, what) = (entry.scope.unwrap_or_default(), entry.what);
    AuditRow { seq: listed.seq, at: entry.at, who: entry.who, what, subject: entry.subject, scope, from }
}

/// All entries as JSON lines, oldest first, a page of the database at a time.
pub(super) async fn export(admin: Admin) -> Result<Response, Rejection> {
    let audit = admin.access()?.audit.clone();
    admin.noted("audit.export", "", async { Ok(()) }).await??;
    let lines = futures::stream::try_unfold(0, move |after| {
        let audit = audit.clone();
        async move { audit.lines(after).await }
    });
    let headers = [
        (header::CONTENT_TYPE, "application/jsonl; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"wellspring-audit.jsonl\""),
    ];
    Ok((headers, Body::from_stream(lines)).into_response())
}
