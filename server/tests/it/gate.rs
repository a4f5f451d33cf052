//! A server at which people sign in, over a retailer of two regions.

use std::fs;
use std::net::SocketAddr;
use std::time::Duration;

use access::{Access, Cost, Database, Limits, Password, Role, Secret, UnixSeconds};
use wellspring::{Entry, Operation, Settings, SignIn};

use crate::client::{Reply, send};
use crate::regions::{EAST, WEST, publish_regions};
use crate::world::{Served, World};

const SECRET: &str = "mT9vQ2xL7cWfZ0aRk4JpYh8NdBs1EuGi6oXqCw3V";
pub(crate) const PASSWORD: &str = "correct horse battery";

/// A server with sign-in, and five people: an admin, an executive, a manager of each region and of one without data.
pub(crate) struct Gate {
    pub(crate) world: World,
    pub(crate) served: Served,
}

impl Gate {
    pub(crate) fn new() -> Self {
        Self::of(None, Operation::default())
    }

    /// The same, run in another way.
    pub(crate) fn run_as(operation: Operation) -> Self {
        Self::of(None, operation)
    }

    /// The same with a provider of the company's accounts.
    pub(crate) fn with_company(company: oidc::Config) -> Self {
        Self::of(Some(company), Operation::default())
    }

    fn of(company: Option<oidc::Config>, operation: Operation) -> Self {
        let world = World::new();
        fs::remove_dir_all(world.snapshot()).expect("a folder");
        publish_regions(&world.snapshot(), 10_000);
        let manager = |region: &str| Role::RegionManager { region: region.to_owned() };
        with_access(&world, async |access| {
            for (name, role) in [
                ("admin", Role::Admin),
                ("boss", Role::Executive),
                ("east", manager(EAST.region)),
                ("west", manager(WEST.region)),
                ("north", manager("华北")),
            ] {
                access.people.add(name, &Password::new(PASSWORD), &role, UnixSeconds::now()).await.expect("a user");
            }
        });
        let served = Served::start(Settings {
            snapshot: world.snapshot(),
            site: world.site(),
            entry: Entry::SignIn(Box::new(SignIn {
                database: database(&world),
                secret: secret(),
                settings: settings(),
                company,
            })),
            watch_every: Duration::from_millis(20),
            patience: Duration::from_secs(2),
            operation,
        });
        Self { world, served }
    }

    pub(crate) fn addr(&self) -> SocketAddr {
        self.served.addr
    }

    /// Looks into, or changes, what the server keeps, as another process would.
    pub(crate) fn with_access<T>(&self, work: impl AsyncFnOnce(&Access) -> T) -> T {
        with_access(&self.world, work)
    }

    /// Signs someone in.
    pub(crate) fn sign_in(&self, name: &str) -> Reader {
        let reply = self.try_sign_in(name, PASSWORD, "", "");
        assert_eq!(reply.status, 303, "{name}: {}", reply.whole());
        Reader { addr: self.addr(), cookie: session_of(&reply).expect("a session") }
    }

    /// Fills the form in as a browser would, with the cookies it had before, and sends it.
    pub(crate) fn try_sign_in(&self, name: &str, password: &str, next: &str, before: &str) -> Reply {
        let form = Form::of(&send(self.addr(), "GET", "/sign-in", &[], b""));
        let cookie = format!("{}; {before}", form.cookie);
        let fields = [("form", form.token.as_str()), ("name", name), ("password", password), ("next", next)];
        post_form(self.addr(), "/sign-in", &[("Cookie", &cookie), ("Origin", &self.origin())], &fields)
    }

    /// As a browser names our own pages.
    pub(crate) fn origin(&self) -> String {
        format!("http://{}", self.addr())
    }
}

/// A form's token and the cookie that was set with it.
pub(crate) struct Form {
    pub(crate) token: String,
    pub(crate) cookie: String,
}

impl Form {
    pub(crate) fn of(reply: &Reply) -> Self {
        assert_eq!(reply.status, 200, "{}", reply.whole());
        let (_, rest) = reply.text().split_once("name=\"form\" value=\"").expect("the page has a token");
        let token = rest.split('"').next().expect("the token ends").to_owned();
        let cookie =
            reply.all("set-cookie").first().and_then(|line| line.split(';').next()).unwrap_or_default().to_owned();
        Self { token, cookie }
    }
}

/// The pair of the session's cookie that a reply sets.
pub(crate) fn session_of(reply: &Reply) -> Option<String> {
    let pairs = reply.all("set-cookie").into_iter().filter_map(|line| line.split(';').next());
    pairs.into_iter().find(|pair| pair.starts_with("__Host-wellspring=") && pair.len() > 40).map(str::to_owned)
}

/// Someone signed in.
#[derive(Clone)]
pub(crate) struct Reader {
    pub(crate) addr: SocketAddr,
    pub(crate) cookie: String,
}

impl Reader {
    pub(crate) fn get(&self, path: &str) -> Reply {
        self.get_with(path, &[])
    }

    pub(crate) fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Reply {
        let headers: Vec<_> = headers.iter().copied().chain([("Cookie", self.cookie.as_str())]).collect();
        send(self.addr, "GET", path, &headers, b"")
    }

    pub(crate) fn ask(&self, question: &str) -> Reply {
        let headers = [("Content-Type", "application/json"), ("Cookie", self.cookie.as_str())];
        send(self.addr, "POST", "/api/ask", &headers, question.as_bytes())
    }

    /// The token of the account page's forms.
    pub(crate) fn token(&self) -> String {
        Form::of(&self.get("/account")).token
    }

    /// Sends a form as a browser does from our own page.
    pub(crate) fn post(&self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let origin = format!("http://{}", self.addr);
        post_form(self.addr, path, &[("Cookie", &self.cookie), ("Origin", &origin)], fields)
    }

    /// Whether the session is live.
    pub(crate) fn is_in(&self) -> bool {
        match self.get("/snapshot/manifest.json").status {
            200 => true,
            401 => false,
            other => panic!("neither in nor out: {other}"),
        }
    }
}

pub(crate) fn post_form(addr: SocketAddr, path: &str, headers: &[(&str, &str)], fields: &[(&str, &str)]) -> Reply {
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let kind = ("Content-Type", "application/x-www-form-urlencoded");
    let headers: Vec<_> = headers.iter().copied().chain([kind]).collect();
    send(addr, "POST", path, &headers, body.as_bytes())
}

fn database(world: &World) -> Database {
    Database::File(world.file("wellspring.db"))
}

fn secret() -> Secret {
    Secret::parse(SECRET).expect("a good secret")
}

/// Looks often, so that tests need not wait long; hashes cheaply.
fn settings() -> access::Settings {
    let cost = Cost { memory_kib: 32, passes: 1 };
    access::Settings { limits: Limits::DEFAULT, cost, poll_every: Duration::from_millis(100) }
}

fn with_access<T>(world: &World, work: impl AsyncFnOnce(&Access) -> T) -> T {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let access = Access::open(&database(world), &secret(), settings()).await.expect("a database");
        let done = work(&access).await;
        access.close().await.expect("closed in order");
        done
    })
}
