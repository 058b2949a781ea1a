// A partner of the authority: the pick-up counter of a car rental, at an origin of its own. Serves one page, and decides
// by the authority's receipt, checked offline with `elicense receipt verify`, whether a vehicle may be handed over. What
// its own page says about a check counts for nothing here.
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const usage = `usage: node server.mjs --authority URL --partner-key KEY --root KEY --elicense PATH [OPTION]…

  --authority URL      the authority's origin, e.g. http://127.0.0.1:8080
  --partner-key KEY    this partner's publishable key
  --root KEY           the authority's root key, base64url; may be repeated
  --elicense PATH      the command line tool
  --port N             where to listen on 127.0.0.1 (8090); 0: a free one
  --origin URL         this site's origin as browsers see it (http://127.0.0.1:PORT); https behind TLS
  --data DIR           keeps the trust list and the receipts used (default: a folder that goes with the program; a
                       receipt could then be used again after a restart, within its five minutes)
`;

/** @param {number} code @param {string} reason @returns {never} */
function fail(code, reason) {
  process.stderr.write(`partner: ${reason}\n`);
  process.exit(code);
}

function readOptions() {
  const text = /** @type {const} */ ({ type: 'string' });
  try {
    return parseArgs({
      options: {
        authority: text, 'partner-key': text, root: { type: 'string', multiple: true }, elicense: text, port: text,
        origin: text, data: text, help: { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    return fail(2, `${/** @type {Error} */ (error).message}; see --help`);
  }
}

/** @param {string | undefined} value @param {string} name */
function needed(value, name) {
  return value ? value : fail(2, `${name} is needed; see --help`);
}

/** @param {string} value @param {string} name */
function originOf(value, name) {
  const url = URL.canParse(value) ? new URL(value) : null;
  const isWeb = url?.protocol === 'http:' || url?.protocol === 'https:';
  return url && isWeb && url.origin === value ? value : fail(2, `${name} takes an origin, such as http://127.0.0.1:8080`);
}

const given = readOptions();
if (given.help) {
  process.stdout.write(usage);
  process.exit(0);
}
const authority = originOf(needed(given.authority, '--authority'), '--authority');
const partnerKey = needed(given['partner-key'], '--partner-key');
const roots = given.root?.length ? given.root : fail(2, '--root is needed; see --help');
const elicense = needed(given.elicense, '--elicense');
const port = /^[0-9]{1,5}$/.test(given.port ?? '8090') ? Number(given.port ?? '8090') : fail(2, '--port takes a number');
const ownData = given.data === undefined;
const data = given.data ?? mkdtempSync(join(tmpdir(), 'elicense-partner-'));
if (ownData) process.on('exit', () => rmSync(data, { recursive: true, force: true }));
else mkdirSync(data, { recursive: true, mode: 0o700 });
let origin = given.origin === undefined ? '' : originOf(given.origin, '--origin');

const mostBody = 8 * 1024;
const mostReceipt = 4096;
const mostTrustList = 256 * 1024;
const mostChecks = 8;  // programs at once
const trustListLife = 60_000;  // as long as the authority lets it be cached
const retryAfter = 2_000;
/** What this rental hands over, and so which questions a receipt may have to answer. */
const vehicleClasses = new Set(['C1', 'C2', 'C6', 'B1', 'D', 'E']);

// --- the tool ----------------------------------------------------------------------------------------------------------

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();

/**
 * Its JSON, whether it says good (exit 0) or refused (exit 1); anything else throws.
 * @param {string[]} words @param {string} input @returns {Promise<any>}
 */
function runTool(words, input) {
  return new Promise((resolve, reject) => {
    const child = execFile(elicense, [...words, '--json'], { timeout: 15_000, killSignal: 'SIGKILL', maxBuffer: 1 << 20 },
      (error, out, err) => {
        running.delete(child);
        if (error && error.code !== 1) return reject(new Error(`elicense ${words.slice(0, 2).join(' ')}: ${err.trim() || error.message}`));
        try {
          resolve(JSON.parse(out));
        } catch {
          reject(new Error(`elicense ${words.slice(0, 2).join(' ')}: no JSON`));
        }
      });
    running.add(child);
    child.stdin?.on('error', () => {});  // it may end without reading
    child.stdin?.end(input);
  });
}

// --- the trust list ----------------------------------------------------------------------------------------------------

const trustListFile = join(data, 'trust-list.jwt');
const rootWords = roots.flatMap((root) => ['--root', root]);
/** @type {{sequence: number, fetched: number, tried: number, fetching: Promise<void> | null}} */
const trust = { sequence: -1, fetched: 0, tried: 0, fetching: null };

/** @returns {string[]} */
const sequenceWords = () => (trust.sequence < 0 ? [] : ['--seq-seen', String(trust.sequence)]);

/** @param {string} list */
async function takeTrustList(list) {
  const answer = await runTool(['trust-list', 'verify', ...rootWords, ...sequenceWords()], list);
  if (answer.result !== 'valid') throw new Error(`the trust list is refused: ${answer.error}`);
  return Number(answer.trust_list.seq);
}

/** @param {Response} response @param {number} most */
async function boundedText(response, most) {
  const chunks = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > most) throw new Error('the answer is too long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

async function fetchTrustList() {
  trust.tried = Date.now();
  const response = await fetch(`${authority}/trust-list`, { redirect: 'error', signal: AbortSignal.timeout(5_000) });
  if (!response.ok) throw new Error(`the trust list: HTTP ${response.status}`);
  const list = await boundedText(response, mostTrustList);
  trust.sequence = await takeTrustList(list);
  writeFileSync(`${trustListFile}.new`, list, { mode: 0o600 });
  renameSync(`${trustListFile}.new`, trustListFile);
  trust.fetched = Date.now();
}

/** Once at a time. A list that cannot be renewed is used on: the tool refuses it when it is over. */
function renewTrustList() {
  trust.fetching ??= fetchTrustList()
    .catch((error) => { process.stderr.write(`partner: ${error.message}\n`); })
    .finally(() => { trust.fetching = null; });
  return trust.fetching;
}

async function rememberedTrustList() {
  try {
    trust.sequence = await takeTrustList(readFileSync(trustListFile, 'utf8'));
  } catch {
    trust.sequence = -1;  // none, or one that is over: the first check fetches it
  }
}

// --- the decision ------------------------------------------------------------------------------------------------------

/** @param {string} receipt @param {string} vehicleClass */
const verifyReceipt = (receipt, vehicleClass) => runTool(
  ['receipt', 'verify', '--audience', origin, '--requires', vehicleClass, '--trust-list', trustListFile, ...rootWords,
    ...sequenceWords(), '--seen', join(data, 'receipts-used')],
  receipt);

/** @param {string} receipt @param {string} vehicleClass */
async function decide(receipt, vehicleClass) {
  if (Date.now() - trust.fetched > trustListLife && Date.now() - trust.tried > retryAfter) await renewTrustList();
  else if (trust.fetching) await trust.fetching;
  if (trust.sequence < 0) return { hand_over: false, class: vehicleClass, reason: 'trust-list-unavailable' };
  let answer = await verifyReceipt(receipt, vehicleClass);
  if (answer.error === 'issuer-unknown' && Date.now() - trust.tried > retryAfter) {
    await renewTrustList();  // the authority may have a new key since
    answer = await verifyReceipt(receipt, vehicleClass);
  }
  // Both are looked at: an answer that is not understood is a no.
  const agreed = answer.result === 'valid' && answer.error === null && answer.receipt?.answer?.may_drive === true;
  return { hand_over: agreed, class: vehicleClass, reason: agreed ? null : String(answer.error ?? 'backend-failed') };
}

// --- HTTP --------------------------------------------------------------------------------------------------------------

const here = import.meta.dirname;
/** @param {string} name */
const file = (name) => readFileSync(join(here, name));
/** The whole site: what is not in this list does not exist. @type {Map<string, {type: string, body: Buffer}>} */
const files = new Map([
  ['/', { type: 'text/html; charset=utf-8', body: file('index.html') }],
  ['/partner.css', { type: 'text/css; charset=utf-8', body: file('partner.css') }],
  ['/partner.js', { type: 'text/javascript; charset=utf-8', body: file('partner.js') }],
  ['/settings.json', { type: 'application/json', body: Buffer.from(JSON.stringify({ authority, partner: partnerKey })) }],
]);

const headers = {
  'Content-Security-Policy':
    `default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self' ${authority}; ` +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cache-Control': 'no-store',
};

/**
 * @param {import('node:http').ServerResponse} response @param {number} status @param {unknown} body
 * @param {Record<string, string>} [more]
 */
function answerJson(response, status, body, more = {}) {
  const text = Buffer.from(JSON.stringify(body));
  response.writeHead(status, { ...headers, ...more, 'Content-Type': 'application/json', 'Content-Length': text.length }).end(text);
}

/** @param {import('node:http').ServerResponse} response @param {number} status @param {string} reason @param {Record<string, string>} [more] */
const refuse = (response, status, reason, more) => answerJson(response, status, { hand_over: false, reason }, more);

/** @param {import('node:http').IncomingMessage} request @returns {Promise<Buffer | null>} null: too long */
async function bodyOf(request) {
  const chunks = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > mostBody) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** @param {Buffer} body @returns {{receipt: string, vehicleClass: string} | null} */
function questionOf(body) {
  let json;
  try {
    json = JSON.parse(body.toString('utf8'));
  } catch {
    return null;
  }
  if (typeof json !== 'object' || json === null) return null;
  const { receipt, class: vehicleClass = 'C1' } = json;
  const isReceipt = typeof receipt === 'string' && receipt.length <= mostReceipt && /^[\w-]+\.[\w-]+\.[\w-]+$/.test(receipt);
  return isReceipt && vehicleClasses.has(vehicleClass) ? { receipt, vehicleClass } : null;
}

/** @param {import('node:http').IncomingMessage} request @param {import('node:http').ServerResponse} response */
async function pickUp(request, response) {
  if (request.method !== 'POST') return refuse(response, 405, 'method', { Allow: 'POST' });
  if (request.headers.origin !== origin) return refuse(response, 403, 'origin', { Connection: 'close' });
  if (request.headers['content-type']?.split(';')[0]?.trim() !== 'application/json')
    return refuse(response, 415, 'content-type', { Connection: 'close' });
  const body = await bodyOf(request);
  if (body === null) return refuse(response, 413, 'body-limit', { Connection: 'close' });
  const question = questionOf(body);
  if (question === null) return refuse(response, 400, 'body-shape');
  if (running.size >= mostChecks) return refuse(response, 503, 'busy', { 'Retry-After': '1' });
  const decision = await decide(question.receipt, question.vehicleClass);
  process.stderr.write(`partner: ${decision.class}: ${decision.hand_over ? 'may be handed over' : `no, ${decision.reason}`}\n`);
  return answerJson(response, 200, decision);
}

/** @param {import('node:http').IncomingMessage} request @param {import('node:http').ServerResponse} response */
async function handle(request, response) {
  const path = (request.url ?? '').split('?')[0] ?? '';
  if (request.headers.host !== new URL(origin).host) {
    // http://localhost:… is another origin than the one the authority knows this partner by.
    const isPage = path === '/' && request.headers.host === `localhost:${new URL(origin).port}`;
    if (isPage) return void response.writeHead(307, { ...headers, Location: `${origin}/` }).end();
    return refuse(response, 421, 'host', { Connection: 'close' });
  }
  if (path === '/pick-up') return pickUp(request, response);
  const found = files.get(path);
  if (!found) return refuse(response, 404, 'not-found');
  if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(response, 405, 'method', { Allow: 'GET, HEAD' });
  response.writeHead(200, { ...headers, 'Content-Type': found.type, 'Content-Length': found.body.length });
  response.end(request.method === 'HEAD' ? undefined : found.body);
}

const server = createServer({ requestTimeout: 10_000, headersTimeout: 5_000, keepAliveTimeout: 5_000, maxHeaderSize: 8192 },
  (request, response) => {
    handle(request, response).catch((error) => {
      if (!request.destroyed || !response.destroyed) process.stderr.write(`partner: ${error.message}\n`);
      if (response.headersSent || response.destroyed) response.destroy();
      else refuse(response, 503, 'backend-failed');
    });
  });
server.maxConnections = 256;
server.on('error', (error) => fail(1, error.message));

let ending = false;
function end() {
  if (ending) return;
  ending = true;
  server.close(() => {
    for (const child of running) child.kill('SIGKILL');
    process.exit(0);
  });
  server.closeIdleConnections();
  setTimeout(() => server.closeAllConnections(), 3_000).unref();
}
process.on('SIGTERM', end);
process.on('SIGINT', end);
process.on('SIGHUP', end);

await rememberedTrustList();
server.listen(port, '127.0.0.1', () => {
  const address = /** @type {import('node:net').AddressInfo} */ (server.address());
  if (origin === '') origin = `http://127.0.0.1:${address.port}`;
  process.stdout.write(`listening on http://127.0.0.1:${address.port}\n`);
  void renewTrustList();  // so that a wrong root or address is said at once
});
