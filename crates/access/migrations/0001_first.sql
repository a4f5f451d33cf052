-- Valid for SQLite and PostgreSQL alike: TEXT and BIGINT only, times in Unix seconds, lists as JSON, truth as 0 and 1.
-- IF NOT EXISTS, so that a run cut short on a database without transactional DDL can simply be repeated.
CREATE TABLE IF NOT EXISTS users (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    -- The name folded, so that "Li" and "li" are one person.
    name_key TEXT NOT NULL UNIQUE,
    -- A PHC string; NULL for someone who has no password here.
    password_hash TEXT,
    role TEXT NOT NULL,
    region TEXT,
    disabled BIGINT NOT NULL,
    -- Raised by every change, so that a sign-in which a change overtook begins no session.
    generation BIGINT NOT NULL,
    created BIGINT NOT NULL
);

CREATE TABLE IF NOT EXISTS sessions (
    -- BLAKE3 of the token: whoever reads this table can sign in as nobody.
    hash TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created BIGINT NOT NULL,
    seen BIGINT NOT NULL,
    ends BIGINT NOT NULL
);
CREATE INDEX IF NOT EXISTS sessions_of_user ON sessions (user_id);

CREATE TABLE IF NOT EXISTS embed_keys (
    kid TEXT PRIMARY KEY,
    portal TEXT NOT NULL,
    algorithm TEXT NOT NULL,
    -- A public key in hex, or a secret sealed with the server's.
    material TEXT NOT NULL,
    origins TEXT NOT NULL,
    scopes TEXT NOT NULL,
    views TEXT NOT NULL,
    issuer TEXT,
    audience TEXT,
    aggregate_only BIGINT NOT NULL,
    created BIGINT NOT NULL,
    revoked BIGINT
);

CREATE TABLE IF NOT EXISTS audit (
    seq BIGINT PRIMARY KEY,
    entry TEXT NOT NULL,
    hash TEXT NOT NULL
);

-- Counters that rise when sessions or keys are taken away; other processes look at them every two seconds.
CREATE TABLE IF NOT EXISTS versions (
    topic TEXT PRIMARY KEY,
    value BIGINT NOT NULL
);
INSERT INTO versions (topic, value) VALUES ('sessions', 0), ('embed_keys', 0) ON CONFLICT DO NOTHING;
