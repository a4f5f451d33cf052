//! Who may sign in.

use access::{NewUser, OneTimePassword, Role, UnixSeconds, User};
use app::{AdminContent, AdminTold, People, PersonDraft, PersonPage, PersonRow};
use axum::response::Response;

use super::{Admin, Body, told};
use crate::rejection::Rejection;
use crate::visit::Fields;

pub(super) async fn list(admin: Admin) -> Result<Response, Rejection> {
    everybody(&admin, None, PersonDraft::default()).await
}

async fn everybody(admin: &Admin, told: Option<AdminTold>, draft: PersonDraft) -> Result<Response, Rejection> {
    let people = admin.access()?.people.all().await?;
    let rows = people.iter().map(row).collect();
    admin.page(told, AdminContent::People(People { rows, regions: admin.regions(), draft }))
}

pub(super) async fn add(admin: Admin, body: Body) -> Result<Response, Rejection> {
    let Some(fields) = admin.sent(body)? else {
        return everybody(&admin, Some(AdminTold::Foreign), PersonDraft::default()).await;
    };
    let text = |name: &str| fields.get(name).trim().to_owned();
    let (name, sees, company) = (text("name"), text("sees"), text("company"));
    let draft = PersonDraft { name, sees, company, password: fields.get("password") == "1" };
    let Some(role) = role_of(&admin, &draft.sees) else {
        return everybody(&admin, Some(AdminTold::Sees), draft).await;
    };
    if !draft.password && draft.company.is_empty() {
        return everybody(&admin, Some(AdminTold::NoWayIn), draft).await;
    }
    let password = draft.password.then(OneTimePassword::generate).transpose()?;
    let new = NewUser {
        name: &draft.name,
        role: &role,
        password: password.as_ref().map(OneTimePassword::password),
        password_once: password.is_some(),
        company: Some(draft.company.as_str()).filter(|company| !company.is_empty()),
    };
    let change = admin.access()?.people.add_new(&new, UnixSeconds::now());
    match admin.noted("user.add", &draft.name, change).await? {
        Ok(user) => person(&admin, &user.name, Some(AdminTold::Added), password).await,
        Err(error) => everybody(&admin, Some(told(error)?), draft).await,
    }
}

pub(super) async fn page(admin: Admin) -> Result<Response, Rejection> {
    person(&admin, admin.visit.asked("name"), None, None).await
}

/// One person; the list where there is nobody of that name.
async fn person(
    admin: &Admin,
    name: &str,
    told: Option<AdminTold>,
    password: Option<OneTimePassword>,
) -> Result<Response, Rejection> {
    let access = admin.access()?;
    let Some(user) = access.people.find(name).await? else {
        return everybody(admin, Some(AdminTold::Unknown), PersonDraft::default()).await;
    };
    let page = PersonPage {
        row: row(&user),
        sessions: access.sessions.count(&user.id).await?,
        regions: admin.regions(),
        password: password.map(|password| password.as_str().to_owned()),
    };
    admin.page(told, AdminContent::Person(Box::new(page)))
}

pub(super) async fn change(admin: Admin, body: Body) -> Result<Response, Rejection> {
    let Some(fields) = admin.sent(body)? else {
        return everybody(&admin, Some(AdminTold::Foreign), PersonDraft::default()).await;
    };
    let name = fields.get("name");
    match made(&admin, name, &fields).await? {
        Ok((told, password)) => person(&admin, name, Some(told), password).await,
        Err(refused) => person(&admin, name, Some(refused), None).await,
    }
}

/// Makes the change that a form asks for: what was done, or why not.
async fn made(
    admin: &Admin,
    name: &str,
    fields: &Fields,
) -> Result<Result<(AdminTold, Option<OneTimePassword>), AdminTold>, Rejection> {
    let (people, sessions) = (&admin.access()?.people, &admin.access()?.sessions);
    let (done, came) = match fields.get("do") {
        "role" => {
            let Some(role) = role_of(admin, fields.get("sees")) else { return Ok(Err(AdminTold::Sees)) };
            let subject = format!("{name}: {}", role.home());
            (admin.noted("user.role", &subject, people.set_role(name, &role)).await?, AdminTold::Changed)
        }
        "company" => {
            let company = Some(fields.get("company").trim()).filter(|company| !company.is_empty());
            (admin.noted("user.company", name, people.set_company_name(name, company)).await?, AdminTold::Changed)
        }
        "disable" => (admin.noted("user.disable", name, people.set_disabled(name, true)).await?, AdminTold::Disabled),
        "enable" => (admin.noted("user.enable", name, people.set_disabled(name, false)).await?, AdminTold::Enabled),
        "sessions" => {
            let Some(user) = people.find(name).await? else { return Ok(Err(AdminTold::Unknown)) };
            let ended = async { sessions.end_all(&user.id).await.map(|_| ()) };
            (admin.noted("user.sessions", name, ended).await?, AdminTold::SessionsEnded)
        }
        "password" => match admin.noted("user.password", name, people.reset_password(name)).await? {
            Ok(password) => return Ok(Ok((AdminTold::PasswordReset, Some(password)))),
            Err(error) => (Err(error), AdminTold::PasswordReset),
        },
        _ => return Ok(Err(AdminTold::Unknown)),
    };
    match done {
        Ok(()) => Ok(Ok((came, None))),
        Err(error) => Ok(Err(told(error)?)),
    }
}

/// A role by the word of the form's choice; a region has to be one of the data's.
fn role_of(admin: &Admin, word: &str) -> Option<Role> {
    match word.strip_prefix("region:") {
        Some(region) if admin.regions().iter().any(|known| known == region) => {
            Some(Role::RegionManager { region: region.to_owned() })
        }
        Some(_) => None,
        None => Role::from_words(word, None).ok(),
    }
}

fn row(user: &User) -> PersonRow {
    let sees = match &user.role {
        Role::RegionManager { region } => format!("region:{region}"),
        role => role.word().to_owned(),
    };
    PersonRow {
        name: user.name.clone(),
        sees,
        company: user.company_name.clone(),
        disabled: user.disabled,
        password_once: user.password_once,
        created: user.created.0,
    }
}
