// A partner of the authority: the pick-up counter of a car rental, at an origin of its own. Serves one page with the widget,
// and decides by the authority's receipt alone, checked here without asking anybody, whether a vehicle may be handed over.
// What its own page says about a check counts for nothing.
import { randomBytes } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { parseArgs } from 'node:util';

/** @typedef {import('../../web/e-license-receipt.d.ts').ReceiptDesk} Desk */
// ./dev build makes it.
const { ReceiptDesk, ReceiptRefused } = /** @type {typeof import('../../web/e-license-receipt.d.ts')} */ (
  await import(new URL('../../dist/e-license-receipt.js', import.meta.url).href));

const usage = `usage: node server.mjs --authority URL --partner-key KEY --root KEY [OPTION]…

  --authority URL      the authority's origin, e.g. http://127.0.0.1:8080
  --partner-key KEY    this partner's publishable key
  --root KEY           the authority's root key, base64url; may be repeated
  --port N             where to listen on 127.0.0.1 (8090); 0: a free one
  --origin URL         this site's origin as browsers see it (http://127.0.0.1:PORT); https behind TLS
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
      options: { authority: text, 'partner-key': text, root: { type: 'string', multiple: true }, port: text, origin: text, help: { type: 'boolean' } },
    }).values;
  } catch (error) {
    return fail(2, `${/** @type {Error} */ (error).message}; see --help`);
  }
}

/** @param {string | undefined} value @param {string} name */
const needed = (value, name) => value || fail(2, `${name} is needed; see --help`);

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
const port = /^[0-9]{1,5}$/.test(given.port ?? '8090') ? Number(given.port ?? '8090') : fail(2, '--port takes a number');

const mostBody = 8 * 1024;
const mostTransactions = 1000;
const transactionLife = 15 * 60_000; // ms
/** What this rental hands over, and so which questions a receipt may have to answer. */
const vehicleClasses = new Set(['C1', 'C2', 'C6', 'B1', 'D', 'E']);

// --- the decision ------------------------------------------------------------------------------------------------------

/** One for each vehicle that is to be handed over, until when: a receipt of another check does not fit. @type {Map<string, number>} */
const transactions = new Map();

function newTransaction() {
  const now = Date.now();
  for (const [id, until] of transactions) if (until < now || transactions.size >= mostTransactions) transactions.delete(id);
  const id = randomBytes(16).toString('base64url');
  transactions.set(id, now + transactionLife);
  return id;
}

/** @param {Desk} desk @param {{receipt: string, vehicleClass: string, transaction: string}} question */
async function decide(desk, { receipt, vehicleClass, transaction }) {
  if ((transactions.get(transaction) ?? 0) < Date.now()) return { hand_over: false, reason: 'transaction' };
  try {
    await desk.check(receipt, { requires: vehicleClass, nonce: transaction }); // refuses one that answers "no"
    transactions.delete(transaction);
    return { hand_over: true, reason: null };
  } catch (error) {
    if (error instanceof ReceiptRefused) return { hand_over: false, reason: error.code };
    throw error;
  }
}

// --- HTTP --------------------------------------------------------------------------------------------------------------

const types = new Map([['.html', 'text/html; charset=utf-8'], ['.css', 'text/css; charset=utf-8'], ['.js', 'text/javascript; charset=utf-8'],
  ['.wasm', 'application/wasm']]);

/** The whole site: what is not in this list does not exist. @type {Map<string, {type: string, body: Buffer}>} */
const files = new Map();
/** @param {string} path @param {string} name @param {(text: string) => string} [change] */
function offer(path, name, change) {
  const bytes = readFileSync(name);
  files.set(path, { type: types.get(extname(name)) ?? 'application/octet-stream', body: change ? Buffer.from(change(bytes.toString('utf8'))) : bytes });
}
const here = import.meta.dirname;
const dist = join(here, '../../dist');
// Origins, keys and base64url have no character that HTML would take for its own.
offer('/', join(here, 'index.html'), (text) => text.replace('{authority}', authority).replace('{root-key}', roots.join(' ')).replace('{partner}', partnerKey));
for (const name of ['partner.css', 'partner.js']) offer(`/${name}`, join(here, name));
for (const name of readdirSync(dist)) if (/^e-license-(verifier|scanner)\.(js|wasm)$/.test(name)) offer(`/e-license/${name}`, join(dist, name));

const headers = {
  'Content-Security-Policy':
    `default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self' ${authority}; ` +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types e-license-scanner",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Permissions-Policy': 'camera=(self), geolocation=(), microphone=(), payment=(), usb=()',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cache-Control': 'no-store',
};

/** @typedef {import('node:http').IncomingMessage} Request @typedef {import('node:http').ServerResponse} Response */

/** @param {Response} response @param {number} status @param {unknown} body @param {Record<string, string>} [more] */
function answerJson(response, status, body, more = {}) {
  const text = Buffer.from(JSON.stringify(body));
  response.writeHead(status, { ...headers, ...more, 'Content-Type': 'application/json', 'Content-Length': text.length }).end(text);
}

/** @param {Response} response @param {number} status @param {string} reason @param {Record<string, string>} [more] */
const refuse = (response, status, reason, more) => answerJson(response, status, { hand_over: false, reason }, more);

/** @param {Request} request @returns {Promise<Buffer | null>} null: too long */
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

/** @param {Buffer} body */
function questionOf(body) {
  let json;
  try {
    json = JSON.parse(body.toString('utf8'));
  } catch {
    return null;
  }
  const { receipt, transaction, class: vehicleClass } = json ?? {};
  if (typeof receipt !== 'string' || typeof transaction !== 'string' || !vehicleClasses.has(vehicleClass)) return null;
  return { receipt, transaction, vehicleClass };
}

/** @param {Desk} desk @param {string} origin @param {Request} request @param {Response} response */
async function pickUp(desk, origin, request, response) {
  if (request.method !== 'POST') return refuse(response, 405, 'method', { Allow: 'POST' });
  if (request.headers.origin !== origin) return refuse(response, 403, 'origin', { Connection: 'close' });
  if (request.headers['content-type']?.split(';')[0]?.trim() !== 'application/json')
    return refuse(response, 415, 'content-type', { Connection: 'close' });
  const body = await bodyOf(request);
  if (body === null) return refuse(response, 413, 'body-limit', { Connection: 'close' });
  const question = questionOf(body);
  if (question === null) return refuse(response, 400, 'body-shape');
  const decision = await decide(desk, question);
  process.stderr.write(`partner: ${question.vehicleClass}: ${decision.hand_over ? 'may be handed over' : `no, ${decision.reason}`}\n`);
  return answerJson(response, 200, { ...decision, class: question.vehicleClass });
}

/** @param {Desk} desk @param {string} origin @param {Request} request @param {Response} response */
async function handle(desk, origin, request, response) {
  const path = (request.url ?? '').split('?')[0] ?? '';
  if (request.headers.host !== new URL(origin).host) {
    // http://localhost:… is another origin than the one the authority knows this partner by.
    const isPage = path === '/' && request.headers.host === `localhost:${new URL(origin).port}`;
    if (isPage) return void response.writeHead(307, { ...headers, Location: `${origin}/` }).end();
    return refuse(response, 421, 'host', { Connection: 'close' });
  }
  if (path === '/pick-up') return pickUp(desk, origin, request, response);
  if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(response, 405, 'method', { Allow: 'GET, HEAD' });
  if (path === '/transaction') return answerJson(response, 200, { transaction: newTransaction() });
  const found = files.get(path);
  if (!found) return refuse(response, 404, 'not-found');
  response.writeHead(200, { ...headers, 'Content-Type': found.type, 'Content-Length': found.body.length });
  response.end(request.method === 'HEAD' ? undefined : found.body);
}

const server = createServer({ requestTimeout: 10_000, headersTimeout: 5_000, keepAliveTimeout: 5_000, maxHeaderSize: 8192 });
server.maxConnections = 256;
server.on('error', (error) => fail(1, error.message));
server.listen(port, '127.0.0.1', () => {
  const address = /** @type {import('node:net').AddressInfo} */ (server.address());
  const origin = given.origin === undefined ? `http://127.0.0.1:${address.port}` : originOf(given.origin, '--origin');
  const desk = new ReceiptDesk({ authority, roots, origin });
  server.on('request', (request, response) => {
    handle(desk, origin, request, response).catch((error) => {
      process.stderr.write(`partner: ${error.message}\n`);
      if (response.headersSent || response.destroyed) response.destroy();
      else refuse(response, 503, 'backend-failed');
    });
  });
  process.stdout.write(`listening on http://127.0.0.1:${address.port}\n`);
});
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) {
  process.once(signal, () => {
    server.close(() => process.exit(0));
    server.closeIdleConnections();
    setTimeout(() => server.closeAllConnections(), 3_000).unref();
  });
}
