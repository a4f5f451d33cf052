//! Who answers: the worker, else the server. Old numbers stay, dimmed, until the new ones are here;
//! an answer to a question the reader has left is dropped by its id.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use gloo_net::http::Request;
use leptos::prelude::*;
use model::{Answers, FromWorker, Question, ToWorker};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use wasm_bindgen_futures::spawn_local;
use web_sys::{MessageEvent, Worker};

use super::Desk;
use crate::boot::Page;
use crate::live::Status;
use crate::state::State;

/// The asking side; clones share everything.
#[derive(Clone)]
pub(super) struct Answering(Rc<Inner>);

struct Inner {
    desk: Desk,
    worker: RefCell<Option<Worker>>,
    /// The id of the latest ask; older answers are stale.
    latest: Cell<u32>,
    /// What the latest ask is for.
    wanted: RefCell<Option<State>>,
}

impl Answering {
    /// Starts the worker; where that fails the server answers.
    pub(super) fn start(desk: Desk) -> Self {
        let this =
            Self(Rc::new(Inner { desk, worker: RefCell::new(None), latest: Cell::new(0), wanted: RefCell::new(None) }));
        match Worker::new("/worker_loader.js") {
            Ok(worker) => this.listen(worker),
            Err(_) => this.0.desk.live.status.set(Status::ByServer),
        }
        this
    }

    fn listen(&self, worker: Worker) {
        let heard = self.clone();
        let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            let text = event.data().as_string().unwrap_or_default();
            if let Ok(message) = serde_json::from_str::<FromWorker>(&text) {
                heard.hear(message);
            }
        });
        let failed = self.clone();
        let on_error = Closure::<dyn FnMut(web_sys::Event)>::new(move |_| failed.worker_failed());
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        // The worker lives as long as the document.
        on_message.forget();
        on_error.forget();
        let origin = web_sys::window().and_then(|w| w.location().origin().ok());
        let open = ToWorker::Open { manifest_url: origin.unwrap_or_default() + "/snapshot/manifest.json" };
        *self.0.worker.borrow_mut() = Some(worker);
        self.tell(&open);
    }

    fn tell(&self, message: &ToWorker) {
        if let (Some(worker), Ok(text)) = (&*self.0.worker.borrow(), serde_json::to_string(message)) {
            let _ = worker.post_message(&text.into());
        }
    }

    /// Shows a state: at once where the numbers are the same, else when its answer is here.
    pub(super) fn show(&self, state: State, again: bool) {
        let page = self.0.desk.page.get_untracked();
        let answered = page.shown.question() == state.question() && page.answers.is_ok();
        let next = Page {
            shown: if answered { state.clone() } else { page.shown.clone() },
            state: state.clone(),
            ..(*page).clone()
        };
        self.0.desk.show(next);
        let id = self.0.latest.get().wrapping_add(1);
        self.0.latest.set(id);
        if answered && !again {
            *self.0.wanted.borrow_mut() = None;
            self.0.desk.live.busy.set(false);
            return;
        }
        self.0.desk.live.busy.set(true);
        let question = state.question();
        *self.0.wanted.borrow_mut() = Some(state);
        if self.0.worker.borrow().is_some() {
            self.tell(&ToWorker::Ask { id, question });
        } else {
            self.ask_server(id, question);
        }
    }

    fn hear(&self, message: FromWorker) {
        let status = self.0.desk.live.status;
        match message {
            FromWorker::Opened { snapshot, .. } => {
                if snapshot != self.0.desk.page.get_untracked().catalog.snapshot {
                    self.worker_failed();
                    status.set(Status::Newer);
                }
            }
            FromWorker::Loaded { read, shards } if read < shards => {
                status.set(Status::Loading { read, shards });
            }
            FromWorker::Loaded { .. } => {
                status.set(Status::Quiet);
                super::mark_ready();
            }
            FromWorker::Answer { id, answers, millis } => {
                if self.answered(id, Ok(answers)) {
                    status.set(Status::Answered { millis: millis.ceil().max(1.0) as u32 });
                }
            }
            FromWorker::Failed { id: Some(id), .. } => self.once_more_by_server(id),
            FromWorker::Failed { id: None, message } => {
                leptos::logging::warn!("worker: {message}");
                self.worker_failed();
            }
        }
    }

    /// Gives the worker up; an open question goes to the server.
    fn worker_failed(&self) {
        if let Some(worker) = self.0.worker.borrow_mut().take() {
            worker.set_onmessage(None);
            worker.set_onerror(None);
            worker.terminate();
        }
        self.0.desk.live.status.set(Status::ByServer);
        self.once_more_by_server(self.0.latest.get());
    }

    fn once_more_by_server(&self, id: u32) {
        let question = self.0.wanted.borrow().as_ref().map(State::question);
        if let Some(question) = question.filter(|_| id == self.0.latest.get()) {
            self.ask_server(id, question);
        }
    }

    fn ask_server(&self, id: u32, question: Question) {
        let this = self.clone();
        spawn_local(async move {
            let answers = ask(&question).await;
            this.answered(id, answers);
        });
    }

    /// Takes an answer; whether it was still wanted comes back.
    fn answered(&self, id: u32, answers: Result<Answers, String>) -> bool {
        if id != self.0.latest.get() {
            return false;
        }
        let Some(state) = self.0.wanted.borrow_mut().take() else {
            return false;
        };
        let page = self.0.desk.page.get_untracked();
        self.0.desk.show(Page { shown: state, answers: answers.map(Arc::new), ..(*page).clone() });
        self.0.desk.live.busy.set(false);
        true
    }
}

async fn ask(question: &Question) -> Result<Answers, String> {
    let said = |error: gloo_net::Error| error.to_string();
    let body = serde_json::to_string(question).map_err(|error| error.to_string())?;
    let request = Request::post("/api/ask").header("content-type", "application/json").body(body).map_err(said)?;
    let response = request.send().await.map_err(said)?;
    let text = response.text().await.map_err(said)?;
    if !response.ok() {
        let reason: String = text.chars().take(300).collect();
        return Err(format!("{} {reason}", response.status()));
    }
    serde_json::from_str(&text).map_err(|error| error.to_string())
}
