// Tries: somebody has the access token of another's phone, from a backup, a log or a proxy, but not its key: they ask for a lease
//   for a key of their own, replay what the phone has sent, and renew the token.
// Must: the authority answers none of it with anything that the phone would get.
// Why: a token is bound to the device key (DPoP), and each proof is for one request, once.
import { after, before } from 'node:test';
import { Operator } from '../authority/support/operator.mjs';
import { dpop, keyProof, newKey, Phone, preAuthorized } from '../authority/support/phone.mjs';
import { Server } from '../authority/support/server.mjs';
import { attack } from './support/attack.mjs';

/** @type {Server} */
let server;
let operator;
let phone;
let code;
before(async () => {
  server = await Server.start(['--demo', '--rate-address', '0/60', '--rate-phone', '0/60']);
  operator = new Operator(server);
  code = await operator.code(await operator.create());
  phone = await Phone.activate(server, code);
});
after(() => server?.stop());

const own = newKey();
async function leaseFor(headers) {
  const proof = keyProof(newKey(), { origin: server.origin, nonce: await phone.nonce() });
  return server.fetch('/credential', { method: 'POST', headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify({ credential_configuration_id: 'live-code-lease', proofs: { jwt: [proof] } }) });
}
const proofBy = (key, more = {}) => dpop(key, { method: 'POST', url: `${server.origin}/credential`, token: phone.access, ...more });
const codeOf = ({ text }) => JSON.parse(text).code;
const token = (form, key) => server.fetch('/token', { method: 'POST', body: new URLSearchParams(form).toString(),
  headers: { 'Content-Type': 'application/x-www-form-urlencoded', DPoP: dpop(key, { method: 'POST', url: `${server.origin}/token` }) } });

attack({ name: "another's access token, with an own key or none", outcome: 'refused' }, async (attempt) => {
  const stolen = `DPoP ${phone.access}`;
  const seen = { Authorization: stolen, DPoP: proofBy(phone.key) };
  attempt.control((await leaseFor(seen)).status, 200);
  for (const [headers, ...allowed] of [
    [{ Authorization: stolen, DPoP: proofBy(own) }, 'dpop-key', 'access-token', 'dpop-token'],
    [{ Authorization: stolen }, 'dpop-missing', 'dpop-shape', 'access-token'],
    [{ Authorization: `Bearer ${phone.access}`, DPoP: proofBy(own) }, 'access-token', 'dpop-token'],
    [{ Authorization: `Bearer ${phone.access}` }, 'access-token', 'dpop-missing'],
    [seen, 'dpop-replayed', 'dpop-replay', 'dpop-used'],
    [{ Authorization: stolen, DPoP: dpop(phone.key, { method: 'GET', url: `${server.origin}/checks`, token: phone.access }) }, 'dpop-method', 'dpop-url'],
    [{ Authorization: stolen, DPoP: proofBy(own, { header: { jwk: phone.key.jwk } }) }, 'signature'],
  ]) {
    const answer = await leaseFor(headers);
    attempt.stopped(answer.status, 401);
    attempt.stopped(codeOf(answer), ...allowed);
  }
});

attack({ name: "another's refresh secret and used code, with an own key", outcome: 'refused' }, async (attempt) => {
  const answers = [
    await token({ grant_type: 'refresh_token', refresh_token: phone.refreshSecret }, own),
    await token({ grant_type: preAuthorized, 'pre-authorized_code': code }, own),
  ];
  for (const answer of answers) {
    attempt.stopped(answer.status, 400);
    attempt.stopped(JSON.parse(answer.text).error, 'invalid_grant', 'invalid_dpop_proof');
  }
  await phone.refresh();
  attempt.control((await leaseFor({ Authorization: `DPoP ${phone.access}`, DPoP: proofBy(phone.key) })).status, 200);
});
