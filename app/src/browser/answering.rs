//! Who answers: the workers, else the server. Old numbers stay, dimmed, until the first answer is here; what the
//! workers know is shown as it gets better. An answer to a question the reader has left is dropped by its id.
//! Questions beside the page's own are asked one after the other once that is answered as well as it can be.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use gloo_net::http::Request;
use leptos::prelude::*;
use model::{Answers, Question};
use wasm_bindgen_futures::spawn_local;

use super::Desk;
use super::pool::{self, Load, Pool};
use super::{framed, offline, plans, told};
use crate::boot::Page;
use crate::live::Status;
use crate::state::{PageName, State};

/// The asking side; clones share everything.
#[derive(Clone)]
pub(super) struct Answering(Rc<Inner>);

struct Inner {
    desk: Desk,
    source: RefCell<Source>,
    /// The id of the latest ask; older answers are stale.
    latest: Cell<u32>,
    /// What the latest ask is for.
    wanted: RefCell<Option<State>>,
}

/// Where answers come from.
enum Source {
    /// The workers, which are being started; a question waits for them.
    Opening,
    /// The workers.
    Pool(Pool),
    /// The server: there are no workers.
    Server,
}

impl Answering {
    /// Starts the workers; where that fails the server answers.
    pub(super) fn start(desk: Desk) -> Self {
        let this = Self(Rc::new(Inner {
            desk,
            source: RefCell::new(if framed::may_count(desk) { Source::Opening } else { Source::Server }),
            latest: Cell::new(0),
            wanted: RefCell::new(None),
        }));
        if framed::may_count(desk) {
            spawn_local(this.clone().open());
        }
        this
    }

    async fn open(self) {
        let (loading, failing) = (self.clone(), self.clone());
        let is_framed = framed::is_framed(self.0.desk);
        let token = match is_framed {
            true => match framed::token().await {
                Ok(token) => Some(token),
                Err(why) => return self.pool_failed(&why),
            },
            false => None,
        };
        let keys = self.0.desk.page.get_untracked().verify_keys.clone();
        let opened =
            pool::open(token, &keys, move |load| loading.loaded(load), move |why| failing.pool_failed(&why)).await;
        match opened {
            Ok(pool) if pool.snapshot() == self.0.desk.page.get_untracked().catalog.snapshot => {
                *self.0.source.borrow_mut() = Source::Pool(pool);
                self.ask_latest();
            }
            Ok(pool) => {
                pool.close();
                self.0.desk.live.newer.set(true);
                self.turn_to_server(Status::Quiet);
            }
            Err(refused) => {
                leptos::logging::warn!("the workers: {}", refused.why);
                self.turn_to_server(match refused.kind.as_deref() {
                    Some("signature") => Status::Unsigned,
                    Some("older") => Status::Older,
                    _ => Status::ByServer,
                });
            }
        }
    }

    fn loaded(&self, load: Load) {
        let status = self.0.desk.live.status;
        if matches!(*self.0.source.borrow(), Source::Server) {
            return;
        }
        if load.read < load.wanted {
            return status.set(Status::Reading { read: load.read, shards: load.shards });
        }
        if !self.0.desk.live.busy.get_untracked() {
            status.set(Status::Quiet);
        }
        super::mark_ready();
        if framed::is_framed(self.0.desk) {
            return;
        }
        offline::keep(self.0.desk.page.get_untracked().catalog.snapshot.clone(), load.wanted);
    }

    fn pool_failed(&self, why: &str) {
        leptos::logging::warn!("the workers: {why}");
        self.turn_to_server(Status::ByServer);
    }

    /// Gives the workers up; an open question goes to the server.
    fn turn_to_server(&self, status: Status) {
        *self.0.source.borrow_mut() = Source::Server;
        self.0.desk.live.status.set(status);
        self.ask_latest();
    }

    /// Shows a state: at once where the numbers are the same, else when its answer is here.
    pub(super) fn show(&self, state: State, again: bool) {
        let page = self.0.desk.page.get_untracked();
        let live = self.0.desk.live;
        let answered = page.shown.question() == state.question() && page.answers.is_ok();
        // The same question while better numbers are on their way: they still are.
        let asked = self.0.wanted.borrow().as_ref().is_some_and(|w| w.question() == state.question());
        let next = Page {
            beside: if answered { kept_beside(&page, &state) } else { page.beside.clone() },
            shown: if answered { state.clone() } else { page.shown.clone() },
            state: state.clone(),
            ..(*page).clone()
        };
        self.0.desk.show(next);
        if plans::wants(&page.catalog, &state) {
            spawn_local(plans::fetch(self.0.desk));
        }
        if state.page == PageName::Data && page.told.is_none() && page.catalog.frame.is_none() {
            spawn_local(told::fetch(self.0.desk));
        }
        if asked && !again {
            *self.0.wanted.borrow_mut() = Some(state);
            return;
        }
        self.0.latest.set(self.0.latest.get().wrapping_add(1));
        live.stale.set(!answered || again);
        live.busy.set(!answered || again);
        if answered && !again {
            *self.0.wanted.borrow_mut() = None;
            spawn_local(self.clone().ask_beside(self.0.latest.get()));
            return;
        }
        *self.0.wanted.borrow_mut() = Some(state);
        self.ask_latest();
    }

    /// Asks what the reader waits for, if there is someone to ask.
    fn ask_latest(&self) {
        let Some(question) = self.0.wanted.borrow().as_ref().map(State::question) else {
            return;
        };
        let id = self.0.latest.get();
        match &*self.0.source.borrow() {
            Source::Opening => {}
            Source::Pool(pool) => spawn_local(self.clone().ask_pool(pool.clone(), id, question)),
            Source::Server => spawn_local(self.clone().ask_server(id, question)),
        }
    }

    async fn ask_pool(self, pool: Pool, id: u32, question: Question) {
        let begun = js_sys::Date::now();
        let Ok(text) = serde_json::to_string(&question) else {
            return;
        };
        let this = self.clone();
        let asked = pool.ask(&text, move |answers| this.better(id, read(&answers))).await;
        if id != self.0.latest.get() {
            return;
        }
        match asked {
            Ok(()) => {
                let millis = (js_sys::Date::now() - begun).max(1.0) as u32;
                self.done(id);
                self.0.desk.live.status.set(Status::Answered { millis });
                self.ask_beside(id).await;
            }
            // Where the workers were given up, the question has gone to the server already.
            Err(_) if matches!(*self.0.source.borrow(), Source::Server) => {}
            Err(_) => self.ask_server(id, question).await,
        }
    }

    async fn ask_server(self, id: u32, question: Question) {
        let answers = ask(self.0.desk, &question).await;
        let shown = self.0.desk.page.get_untracked().catalog.snapshot.clone();
        if id == self.0.latest.get() && answers.as_ref().is_ok_and(|answers| answers.coverage.snapshot != shown) {
            // The server has gone on. Numbers of two snapshots never stand on one page: the reader, who has just asked
            // for another view, gets that view whole from the new one.
            if let Some(window) = web_sys::window() {
                let _ = window.location().reload();
            }
            return;
        }
        self.better(id, answers);
        self.done(id);
        self.ask_beside(id).await;
    }

    /// Asks what of the shown page's questions beside it has no answer yet, as long as the reader stays.
    async fn ask_beside(self, id: u32) {
        let page = self.0.desk.page.get_untracked();
        if page.answers.is_err() {
            return;
        }
        let questions = page.shown.beside(&page.catalog);
        let answered = page.beside.iter().take_while(|a| a.as_ref().is_ok_and(|a| a.coverage.exact)).count();
        for (place, question) in questions.iter().enumerate().skip(answered) {
            // Where the workers are on their way or given up, the server answers these at once.
            let pool = match &*self.0.source.borrow() {
                Source::Pool(pool) => Some(pool.clone()),
                Source::Opening | Source::Server => None,
            };
            let by_pool = match (pool, serde_json::to_string(question)) {
                (Some(pool), Ok(text)) => {
                    let this = self.clone();
                    pool.ask(&text, move |answers| this.better_beside(id, place, read(&answers))).await.is_ok()
                }
                _ => false,
            };
            if !by_pool && id == self.0.latest.get() {
                let answers = ask(self.0.desk, question).await;
                self.better_beside(id, place, answers);
            }
            if id != self.0.latest.get() {
                return;
            }
        }
    }

    /// Shows an answer to a question beside the page's own, if the reader has not left it.
    fn better_beside(&self, id: u32, place: usize, answers: Result<Answers, String>) {
        let page = self.0.desk.page.get_untracked();
        if id != self.0.latest.get() || place > page.beside.len() {
            return;
        }
        let mut next = (*page).clone();
        next.beside.truncate(place);
        next.beside.push(answers.map(Arc::new));
        self.0.desk.show(next);
    }

    /// Shows an answer, if its question is still the latest; better ones may follow.
    fn better(&self, id: u32, answers: Result<Answers, String>) {
        let state = self.0.wanted.borrow().clone();
        let Some(state) = state.filter(|_| id == self.0.latest.get()) else {
            return;
        };
        let Desk { page, live, .. } = self.0.desk;
        if let Ok(Answers { coverage, .. }) = &answers
            && !coverage.exact
        {
            live.status.set(Status::Reading { read: coverage.read, shards: coverage.shards });
        }
        let page = page.get_untracked();
        let beside = kept_beside(&page, &state);
        self.0.desk.show(Page { shown: state, answers: answers.map(Arc::new), beside, ..(*page).clone() });
        live.stale.set(false);
    }

    /// The best answer is shown.
    fn done(&self, id: u32) {
        if id == self.0.latest.get() {
            *self.0.wanted.borrow_mut() = None;
            self.0.desk.live.stale.set(false);
            self.0.desk.live.busy.set(false);
        }
    }
}

/// The answers beside a page that hold for its next state: all while the questions are the same, else none.
fn kept_beside(page: &Page, next: &State) -> Vec<Result<Arc<Answers>, String>> {
    if page.shown.beside(&page.catalog) == next.beside(&page.catalog) { page.beside.clone() } else { Vec::new() }
}

fn read(answers: &str) -> Result<Answers, String> {
    serde_json::from_str(answers).map_err(|error| error.to_string())
}

async fn ask(desk: Desk, question: &Question) -> Result<Answers, String> {
    if framed::is_framed(desk) {
        let question = serde_json::to_string(question).map_err(|error| error.to_string())?;
        return read(&framed::ask(&question).await?);
    }
    let said = |error: gloo_net::Error| error.to_string();
    let body = serde_json::to_string(question).map_err(|error| error.to_string())?;
    let request = Request::post("/api/ask").header("content-type", "application/json").body(body).map_err(said)?;
    let response = request.send().await.map_err(said)?;
    if response.status() == 401 {
        // The session has ended: the document leads to the sign-in page and from there back to this address.
        if let Some(window) = web_sys::window() {
            let _ = window.location().reload();
        }
    }
    let text = response.text().await.map_err(said)?;
    if !response.ok() {
        let reason: String = text.chars().take(300).collect();
        return Err(format!("{} {reason}", response.status()));
    }
    read(&text)
}
