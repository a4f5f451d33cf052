//! The server under attack: too much, too slow, too large, and in disguise.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use serde_json::json;
use wellspring::{Limits, Operation};

use crate::client::{get, get_with, post_json, send};
use crate::gate::Gate;
use crate::portal::Portal;
use crate::world::{World, wait_until};

const QUESTION: &str = r#"{"window":{"from":"2025-01-01","to":"2025-02-28"},"ask":[{"growth":{}}]}"#;

fn limits(limits: Limits) -> Operation {
    Operation { limits, ..Operation::default() }
}

fn connect(addr: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(addr).expect("the server listens");
    stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a time-out can be set");
    stream
}

/// What comes until the connection ends, and how long that took.
fn rest(stream: &mut TcpStream) -> (String, Duration) {
    let (begun, mut all) = (Instant::now(), Vec::new());
    // A connection that is cut off may end with an error.
    let _ = stream.read_to_end(&mut all);
    (String::from_utf8_lossy(&all).into_owned(), begun.elapsed())
}

#[test]
fn a_head_that_trickles_in_is_not_waited_for() {
    let world = World::new();
    let served = world.serve_as(limits(Limits { head_time: Duration::from_millis(400), ..Limits::DEFAULT }));
    for begun in ["", "GET", "GET / HTTP/1.1\r\nHost: localhost\r\nX-A: b"] {
        let mut stream = connect(served.addr);
        stream.write_all(begun.as_bytes()).expect("sent");
        let (answer, took) = rest(&mut stream);
        assert!(!answer.contains("200 OK"), "{begun:?}: {answer}");
        assert!((Duration::from_millis(300)..Duration::from_secs(5)).contains(&took), "{begun:?}: {took:?}");
    }
    let mut kept = connect(served.addr);
    kept.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n").expect("sent");
    let (answer, took) = rest(&mut kept);
    assert!(answer.starts_with("HTTP/1.1 200") && took < Duration::from_secs(5), "an idle connection ends too");
}

#[test]
fn a_body_that_trickles_in_is_not_waited_for() {
    let world = World::new();
    let served = world.serve_as(limits(Limits { request_time: Duration::from_millis(400), ..Limits::DEFAULT }));
    let mut stream = connect(served.addr);
    let head =
        "POST /api/ask HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n{";
    stream.write_all(head.as_bytes()).expect("sent");
    let begun = Instant::now();
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).expect("an answer");
    assert_eq!(String::from_utf8_lossy(&answer), "HTTP/1.1 503");
    assert!(begun.elapsed() < Duration::from_secs(5));
    assert_eq!(post_json(served.addr, "/api/ask", QUESTION).status, 200, "others are served");
}

#[test]
fn a_client_that_takes_nothing_of_its_answers_is_left() {
    let world = World::new();
    let served = world.serve_as(limits(Limits { write_time: Duration::from_millis(400), ..Limits::DEFAULT }));
    let open = || {
        let metrics = get(served.addr, "/metrics");
        let line = metrics.text().lines().find_map(|line| line.strip_prefix("wellspring_connections ")?.parse().ok());
        line.unwrap_or(0)
    };
    assert_eq!(open(), 1, "the one that asks");
    let mut stream = connect(served.addr);
    let mut sender = stream.try_clone().expect("a second handle");
    // More answers than fit between the two; writing ends when the server leaves.
    let sending = std::thread::spawn(move || {
        let request = b"GET /data?lang=en HTTP/1.1\r\nHost: localhost\r\n\r\n";
        (0..5_000).take_while(|_| sender.write_all(request).is_ok()).count()
    });
    wait_until("the answers pile up", || open() == 2);
    wait_until("the server leaves", || open() == 1);
    sending.join().expect("it ends");
    let (_, took) = rest(&mut stream);
    assert!(took < Duration::from_secs(10), "{took:?}");
}

#[test]
fn one_connection_too_many_is_told_to_come_again() {
    let world = World::new();
    let served = world.serve_as(limits(Limits { connections: 3, ..Limits::DEFAULT }));
    let held: Vec<TcpStream> = (0..3).map(|_| connect(served.addr)).collect();
    let (answer, _) = rest(&mut connect(served.addr));
    assert!(answer.starts_with("HTTP/1.1 503") && answer.contains("Retry-After: 5"), "{answer}");
    drop(held);
    wait_until("there is room again", || {
        let mut stream = connect(served.addr);
        let _ = stream.write_all(b"GET /healthz HTTP/1.0\r\nHost: localhost\r\n\r\n");
        rest(&mut stream).0.starts_with("HTTP/1.0 200")
    });
}

#[test]
fn one_address_cannot_take_all_connections_where_people_sign_in() {
    let gate = Gate::run_as(limits(Limits { connections_each: 2, ..Limits::DEFAULT }));
    let held: Vec<TcpStream> = (0..2).map(|_| connect(gate.addr())).collect();
    let (answer, _) = rest(&mut connect(gate.addr()));
    assert!(answer.starts_with("HTTP/1.1 503"), "{answer}");
    drop(held);
    wait_until("there is room again", || {
        let mut stream = connect(gate.addr());
        let _ = stream.write_all(b"GET /healthz HTTP/1.0\r\nHost: localhost\r\n\r\n");
        rest(&mut stream).0.starts_with("HTTP/1.0 200")
    });
}

#[test]
fn a_page_waits_its_turn_and_files_are_served_meanwhile() {
    let world = World::new();
    let one = Limits { computing: 1, turn_time: Duration::from_millis(300), ..Limits::DEFAULT };
    let served = world.serve_as(limits(one));
    // A question whose body does not come holds the only seat.
    let mut holder = connect(served.addr);
    let head =
        "POST /api/ask HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n";
    holder.write_all(head.as_bytes()).expect("sent");
    wait_until("the seat is taken", || get(served.addr, "/").status == 503);
    let refused = get(served.addr, "/");
    assert_eq!((refused.status, refused.header("retry-after")), (503, "1"));
    assert!(refused.json()["error"].is_string());
    for free in ["/favicon.svg", "/snapshot/manifest.json", "/healthz", "/readyz", "/metrics"] {
        assert_eq!(get(served.addr, free).status, 200, "{free}");
    }
    drop(holder);
    wait_until("the seat is free", || get(served.addr, "/").status == 200);
}

#[test]
fn a_reader_who_asks_too_much_waits_and_others_do_not() {
    let few = Limits { asks_a_minute: 32, exports_a_minute: 3, ..Limits::DEFAULT };
    let gate = Gate::run_as(limits(few));
    let (east, west) = (gate.sign_in("east"), gate.sign_in("west"));
    let twenty = format!("{{{},\"ask\":[{}]}}", &QUESTION[1..49], vec![r#"{"growth":{}}"#; 20].join(","));
    assert_eq!(east.ask(&twenty).status, 200);
    let refused = east.ask(&twenty);
    assert_eq!(refused.status, 429, "{}", refused.whole());
    let wait: u64 = refused.header("retry-after").parse().expect("seconds");
    assert!((10..=20).contains(&wait), "{wait}");
    assert_eq!(east.ask(QUESTION).status, 200, "a smaller one still fits");
    for _ in 0..3 {
        assert_eq!(east.get("/export/growth.csv").status, 200);
    }
    assert_eq!(east.get("/export/growth.csv").status, 429);
    assert_eq!(east.get("/export/stores.xlsx").status, 429);
    assert_eq!((west.ask(&twenty).status, west.get("/export/growth.csv").status), (200, 200));
    assert_eq!(east.get("/").status, 200, "pages go on");
}

#[test]
fn frames_that_are_drawn_too_often_wait_and_other_people_of_the_portal_do_not() {
    let gate = Gate::run_as(limits(Limits { asks_a_minute: 32, ..Limits::DEFAULT }));
    let portal = Portal::new(&gate, "intranet");
    let (lin, chen) = (portal.usual(), portal.token(json!({ "sub": "chen" })));
    let mut statuses = (0..40).map(|_| portal.page("/embed/growth", &lin, ""));
    let refused = statuses.find(|reply| reply.status != 200).expect("a limit");
    assert_eq!(refused.status, 429, "{}", refused.whole());
    assert!(refused.header("retry-after").parse::<u64>().is_ok_and(|seconds| seconds > 0));
    assert_eq!(portal.page("/embed/growth", &chen, "").status, 200);
}

#[test]
fn a_head_that_is_too_large_is_refused() {
    let world = World::new();
    let served = world.serve();
    let many: String = (0..400).map(|n| format!("X-{n}: y\r\n")).collect();
    let large = format!("X-A: {}\r\n", "y".repeat(100_000));
    let cookies = format!("Cookie: {}\r\n", "a=b; ".repeat(20_000));
    for headers in [many, large, cookies] {
        let mut stream = connect(served.addr);
        let _ = stream.write_all(format!("GET / HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n").as_bytes());
        let (answer, _) = rest(&mut stream);
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 431"), "{}", &answer[..answer.len().min(80)]);
    }
    for (count, name) in [(10_000, "a"), (10_000, "region"), (3_000, "store"), (3_000, "lang"), (3_000, "from")] {
        let query: String = (0..count).map(|n| format!("{name}={n}&")).collect();
        let begun = Instant::now();
        let status = get(served.addr, &format!("/?{query}")).status;
        assert!(matches!(status, 200 | 414 | 431), "{count} × {name}: {status}");
        assert!(begun.elapsed() < Duration::from_secs(5), "{count} × {name}: {:?}", begun.elapsed());
    }
    assert_eq!(get(served.addr, "/").status, 200);
}

/// Zeros, a thousand times smaller than they are.
fn gzip_bomb() -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    for _ in 0..200 {
        encoder.write_all(&[b' '; 256 * 1024]).expect("in memory");
    }
    encoder.finish().expect("in memory")
}

#[test]
fn nothing_that_a_client_sends_is_unpacked() {
    let gate = Gate::new();
    let east = gate.sign_in("east");
    let bomb = gzip_bomb();
    assert!(bomb.len() < 64 * 1024, "small enough to be read at all: {}", bomb.len());
    for coding in ["gzip", "br", "deflate", "zstd", "gzip, gzip", "x-gzip", "identity, gzip"] {
        let json = [("Content-Type", "application/json"), ("Content-Encoding", coding), ("Cookie", &east.cookie)];
        let reply = send(gate.addr(), "POST", "/api/ask", &json, &bomb);
        assert_eq!(reply.status, 400, "{coding}: {}", reply.whole());
        let form = [("Content-Type", "application/x-www-form-urlencoded"), ("Content-Encoding", coding)];
        let reply = send(gate.addr(), "POST", "/sign-in", &form, &bomb[..bomb.len().min(8_000)]);
        assert_eq!(reply.status, 403, "{coding}: {}", reply.whole());
    }
}

#[test]
fn snapshots_that_unpack_into_more_than_they_say_are_refused() {
    let world = World::new();
    let served = world.serve();
    // A browser gets the packed file as it is; the server itself reads the plain one, whose size and hash are named.
    let plain = world.shard(0);
    let packed = plain.with_extension("arrow.br");
    std::fs::write(&packed, gzip_bomb()).expect("written");
    let path = format!("/snapshot/shards/{}", plain.file_name().and_then(|name| name.to_str()).expect("a name"));
    let reply = get_with(served.addr, &path, &[("Accept-Encoding", "br")]);
    assert_eq!(reply.body.len(), gzip_bomb().len(), "handed on unopened");
    assert_eq!(get(served.addr, "/").status, 200);
    drop(served);
    std::fs::write(&plain, vec![0; 8 << 20]).expect("written");
    let stopped = std::process::Command::new(env!("CARGO_BIN_EXE_wellspring"))
        .args(["check", "--snapshot"])
        .arg(world.snapshot())
        .output()
        .expect("the program runs");
    assert_eq!(stopped.status.code(), Some(1), "{}", String::from_utf8_lossy(&stopped.stderr));
}

#[test]
fn methods_in_disguise_change_nothing() {
    let gate = Gate::new();
    let east = gate.sign_in("east");
    for header in ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"] {
        for path in ["/sign-out", "/sign-out-everywhere", "/sign-in", "/api/ask"] {
            let reply = east.get_with(&format!("{path}?_method=POST"), &[(header, "POST")]);
            assert!(matches!(reply.status, 303 | 405), "{header} {path}: {}", reply.status);
            assert!(reply.status == 405 || reply.header("location") == "/", "{header} {path}");
        }
        assert!(east.is_in(), "{header}");
    }
    for header in ["X-Original-URL", "X-Rewrite-URL", "X-Forwarded-Uri"] {
        let reply = get_with(gate.addr(), "/sign-in", &[(header, "/snapshot/manifest.json")]);
        assert!(reply.text().contains("name=\"form\""), "{header}");
        let reply = get_with(gate.addr(), "/snapshot/manifest.json", &[(header, "/healthz")]);
        assert_eq!(reply.status, 401, "{header}");
    }
    for method in ["TRACE", "CONNECT", "OPTIONS", "PROPFIND", "FOO", "get"] {
        let reply = send(gate.addr(), method, "/snapshot/manifest.json", &[("Cookie", &east.cookie)], b"");
        assert!(matches!(reply.status, 400 | 403 | 404 | 405), "{method}: {}", reply.status);
    }
}

#[test]
fn two_requests_cannot_be_made_out_of_one() {
    let world = World::new();
    let served = world.serve();
    let smuggled = "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n";
    for head in [
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcde",
        "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
        "Content-Length: +5\r\n\r\nabcde",
        "Content-Length: -1\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n",
        "X: y\r\n Content-Length: 5\r\n\r\nabcde",
    ] {
        let mut stream = connect(served.addr);
        let sent = format!("POST /api/ask HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{head}{smuggled}");
        let _ = stream.write_all(sent.as_bytes());
        let (answer, _) = rest(&mut stream);
        assert!(!answer.contains("wellspring_http_requests"), "{head:?}: {answer}");
        assert!(answer.matches("HTTP/1.1 ").count() <= 1, "{head:?}: {answer}");
    }
}
