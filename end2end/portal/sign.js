// @ts-check
import { createPrivateKey, sign } from "node:crypto";

const part = (/** @type {object} */ value) => Buffer.from(JSON.stringify(value)).toString("base64url");

/**
 * A token that shows what the claims say, for ten minutes. `pem` is the portal's Ed25519 private key.
 * @param {{ kid: string, pem: string }} key
 * @param {object} claims
 */
export function token({ kid, pem }, claims) {
  const now = Math.floor(Date.now() / 1000);
  const text = `${part({ alg: "EdDSA", typ: "JWT", kid })}.${part({ iat: now, exp: now + 600, ...claims })}`;
  return `${text}.${sign(null, Buffer.from(text), createPrivateKey(pem)).toString("base64url")}`;
}
