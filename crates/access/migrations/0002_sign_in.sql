-- 1 where somebody else made the password up: its owner sets another before anything else.
ALTER TABLE users ADD COLUMN password_once BIGINT NOT NULL DEFAULT 0;
-- What the company's provider of accounts calls them, folded; NULL for who signs in by password alone.
ALTER TABLE users ADD COLUMN company_name TEXT;
-- The provider's own name for them that never changes, noted when they first sign in by it.
ALTER TABLE users ADD COLUMN company_subject TEXT;
CREATE UNIQUE INDEX IF NOT EXISTS users_company_name ON users (company_name);
CREATE UNIQUE INDEX IF NOT EXISTS users_company_subject ON users (company_subject);
-- 0 where the company's provider vouched for them: then no password was typed, and none has to be changed.
ALTER TABLE sessions ADD COLUMN by_password BIGINT NOT NULL DEFAULT 1;
