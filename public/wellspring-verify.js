// @ts-check
// Whether a manifest is one to count with: signed by a key that the page was told, and none older than one that was
// counted with here before. Loaded only where a page was told keys.

/** Why a manifest is not counted with; `kind` says it to programs. */
class RefusedManifest extends Error {
  /** @param {"signature" | "older"} kind @param {string} what */
  constructor(kind, what) {
    super(`the manifest is refused: ${what}`);
    this.name = "RefusedManifest";
    this.kind = kind;
  }
}

const SHOWN = "wellspring.shown";

/** @param {string} text lower-case hex */
function bytesOf(text) {
  if (!/^([0-9a-f]{2})*$/.test(text)) return new Uint8Array();
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

/**
 * Rejects where the manifest must not be counted with. Its bytes are held to its checksum by the workers.
 * @param {string[]} keys public keys, 64 hex digits each; any of them may have signed
 * @param {Uint8Array} bytes the manifest's file
 * @param {string | null} signature the header that came with it
 */
export async function verify(keys, bytes, signature) {
  const text = new TextDecoder().decode(bytes);
  /** @type {{ blake3: string, tenant: string, scope: string, version: number }} */
  const { blake3, tenant, scope, version } = JSON.parse(text);
  const [method, key = "", signed = ""] = (signature ?? "").split(" ");
  if (method !== "ed25519" || !keys.includes(key)) {
    throw new RefusedManifest("signature", signature ? "it is signed by a key that is not trusted" : "it is not signed");
  }
  const statement = `wellspring manifest\n${blake3}\n${scope}\n${version}\n${tenant}`;
  if ((await isSigned(key, signed, statement)) === false) {
    throw new RefusedManifest("signature", "its signature is of another one");
  }
  follow(`${scope} ${tenant}`, version, blake3);
}

/**
 * Whether it is signed so; nothing where the browser cannot tell (it knows no Ed25519, or the page came without TLS):
 * the server has made sure.
 * @param {string} key
 * @param {string} signed
 * @param {string} statement
 * @returns {Promise<boolean | undefined>}
 */
async function isSigned(key, signed, statement) {
  let imported;
  try {
    imported = await crypto.subtle.importKey("raw", bytesOf(key), { name: "Ed25519" }, false, ["verify"]);
  } catch {
    return undefined;
  }
  return crypto.subtle.verify("Ed25519", imported, bytesOf(signed), new TextEncoder().encode(statement));
}

/**
 * Remembers the newest version of each part that was shown here; one that is older was put back by somebody.
 * @param {string} part
 * @param {number} version
 * @param {string} blake3
 */
function follow(part, version, blake3) {
  /** @type {Record<string, [number, string]>} */
  let shown = {};
  try {
    shown = JSON.parse(localStorage.getItem(SHOWN) ?? "{}") ?? {};
  } catch {
    // A frame of another site has no storage, and what somebody else wrote there is no memory of ours.
  }
  const [before, sum] = shown[part] ?? [0, ""];
  if (version < before || (version === before && sum !== blake3)) {
    throw new RefusedManifest("older", `version ${before} was shown here before`);
  }
  try {
    localStorage.setItem(SHOWN, JSON.stringify({ ...shown, [part]: [version, blake3] }));
  } catch {
    // As above.
  }
}
