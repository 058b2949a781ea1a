// What the authority's answers cost: processor time of the server for each request, beside the bare cost of the
// signatures in it, measured on the same machine in the same run. `./dev bench authority [postgresql]`
//   server CPU   /proc/PID/stat, user and system, all threads, over the requests of a phase
//   bare         libsodium's sign and verify, median CPU time, before and after the phase (elicense_bench --signatures)
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { Phone, keyProof, mint, newKey, readLease, seconds } from '../authority/support/phone.mjs';
import { Postgres } from '../authority/support/postgres.mjs';
import { Server } from '../authority/support/server.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const bench = process.env.ELICENSE_BENCH ?? join(root, 'build/native/elicense_bench');
const requests = Number(process.env.ELICENSE_BENCH_REQUESTS ?? 2000);
const streams = Number(process.env.ELICENSE_BENCH_STREAMS ?? 5000);
const connections = 32;
const streamsOfAPhone = 4;
const manyRequests = '1000000/60';
const ticksPerSecond = Number(execFileSync('getconf', ['CLK_TCK']).toString());

const postgres = process.argv[2] === 'postgresql' ? await Postgres.start() : undefined;
console.log(postgres ? 'PostgreSQL (its own processor time is not in the figures)' : 'SQLite');
const server = await Server.start([...(postgres ? ['--store', postgres.url] : []), '--demo', '--log-level', 'warning', '--rate-address', manyRequests, '--rate-phone', manyRequests,
  '--rate-partner', manyRequests, '--streams', String(streams + 100)]);
server.agent = new Agent({ keepAlive: true, maxSockets: connections });
const children = [];
process.once('exit', () => children.forEach((socket) => socket.destroy()));

// --- measuring

function serverMicroseconds() {
  const stat = readFileSync(`/proc/${server.child.pid}/stat`, 'latin1');
  const [user, system] = stat.slice(stat.lastIndexOf(')') + 2).split(' ').slice(11, 13).map(Number);
  return ((user + system) / ticksPerSecond) * 1e6;
}

function serverKilobytes() {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${server.child.pid}/status`, 'latin1'))[1]);
}

const bareSignatures = () => JSON.parse(execFileSync(bench, ['--signatures']).toString());

function send({ method = 'POST', path, headers = {}, body = undefined }) {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port: server.port, method, path, headers, agent: server.agent }, (answer) => {
      const chunks = [];
      answer.on('data', (chunk) => chunks.push(chunk));
      answer.on('error', reject);
      answer.on('end', () => resolve({ status: answer.statusCode, text: Buffer.concat(chunks).toString() }));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

// Every request made by `make(i)` just before it goes out; answers in their order.
async function sendAll(count, make) {
  const answers = new Array(count);
  let next = 0;
  const worker = async () => {
    while (next < count) {
      const i = next++;
      answers[i] = await send(await make(i));
      if (answers[i].status !== 200) throw new Error(`${answers[i].status} ${answers[i].text}`);
    }
  };
  await Promise.all(Array.from({ length: connections }, worker));
  return answers;
}

const micro = (value) => `${value.toFixed(0).padStart(6)} us`;

async function phase(name, { count = requests, make, signs = 0, verifies = 0, aim = 0 }) {
  const before = bareSignatures();
  const cpu = serverMicroseconds();
  const start = performance.now();
  const answers = await sendAll(count, make);
  const elapsed = performance.now() - start;
  const each = (serverMicroseconds() - cpu) / count;
  const after = bareSignatures();
  const bare = (signs * (before.sign + after.sign) + verifies * (before.verify + after.verify)) / 2;
  let line = `${name.padEnd(34)} ${String(count).padStart(5)} requests ${(count / elapsed * 1000).toFixed(0).padStart(6)}/s   server CPU ${micro(each)} each`;
  if (bare > 0) {
    line += `   bare ${signs} sign + ${verifies} verify ${micro(bare)}   ratio ${(each / bare).toFixed(2)}`;
    if (aim > 0) line += `   aim ${aim.toFixed(2)}: ${each / bare <= aim ? 'reached' : 'MISSED'}`;
  }
  console.log(line);
  return answers;
}

// --- what is sent

const json = { 'Content-Type': 'application/json' };

async function nonces(count) {
  return (await sendAll(count, () => ({ path: '/nonce' }))).map(({ text }) => JSON.parse(text).c_nonce);
}

function leaseRequest(phone, keys, nonce) {
  const proof = { origin: phone.origin, nonce };
  return { path: '/credential', headers: { ...json, ...phone.proof('POST', '/credential') },
    body: JSON.stringify({ credential_configuration_id: 'live-code-lease', proofs: { jwt: keys.map((key) => keyProof(key, proof)) } }) };
}

async function leasePhase(name, phones, perRequest, count, aim) {
  const ready = await nonces(count);
  const keys = ready.map(() => Array.from({ length: perRequest }, () => newKey()));
  // Made beforehand: the client must not be what is waited for.
  const made = ready.map((nonce, i) => leaseRequest(phones[i % phones.length], keys[i], nonce));
  const answers = await phase(name, { count, make: (i) => made[i], signs: perRequest, verifies: perRequest + 1, aim });
  return answers.flatMap(({ text }, i) => JSON.parse(text).credentials.map(({ credential }, k) => readLease(credential, keys[i][k])));
}

async function peopleOfDemo() {
  const { people } = JSON.parse((await server.fetch('/demo/people')).text);
  return people.filter(({ status }) => ['A', 'H', 'N'].includes(status));
}

// --- streams

async function newPhones(count) {
  const { text } = await server.fetch('/demo/people');
  const operator = readFileSync(join(server.data, 'operator-key'), 'utf8').trim();
  const headers = { ...json, Authorization: `Bearer ${operator}` };
  const admin = (path, body) => ({ path: `/admin/${path}`, headers, body: JSON.stringify(body) });
  const [{ document_number: model }] = JSON.parse(text).people;
  const { claims } = JSON.parse((await send(admin('licence', { document_number: model }))).text);
  const portrait = `data:image/webp;base64,${readFileSync(join(root, 'assets/people/normal.webp')).toString('base64')}`;
  const numbers = Array.from({ length: count }, (_, i) => `99${String(i).padStart(10, '0')}`);
  await sendAll(count, (i) => admin('licence/create', { portrait, claims: { ...claims, document_number: numbers[i] } }));
  const codes = await sendAll(count, (i) => admin('licence/code', { document_number: numbers[i] }));
  return Promise.all(codes.map((answer) => Phone.activate(server, JSON.parse(answer.text).pre_authorized_code)));
}

function openStream(phone) {
  return new Promise((resolve, reject) => {
    const headers = Object.entries(phone.proof('GET', '/events')).map(([name, value]) => `${name}: ${value}\r\n`).join('');
    const socket = connect(server.port, '127.0.0.1', () => socket.write(`GET /events HTTP/1.1\r\nHost: authority\r\n${headers}\r\n`));
    children.push(socket);
    socket.once('data', (chunk) => (chunk.toString().startsWith('HTTP/1.1 200') ? resolve(socket) : reject(new Error(chunk.toString()))));
    socket.once('error', reject);
  });
}

async function streamPhases() {
  const phones = await newPhones(Math.ceil(streams / streamsOfAPhone));
  await leasePhase('lease, before the streams', phones, 1, requests, 0);
  const before = serverKilobytes();
  for (let opened = 0; opened < streams; opened += 100) {
    await Promise.all(Array.from({ length: Math.min(100, streams - opened) }, (_, i) => openStream(phones[(opened + i) % phones.length])));
  }
  const each = (serverKilobytes() - before) / streams;
  console.log(`${String(streams)} idle event streams: ${each.toFixed(1)} KB each   aim 12: ${each <= 12 ? 'reached' : 'MISSED'}`);
  await leasePhase('lease, with the streams open', phones, 1, requests, 2);
  const still = children.filter((socket) => !socket.destroyed).length;
  if (still !== streams) throw new Error(`${streams - still} streams have ended`);
}

// --- the run

const phones = await Promise.all((await peopleOfDemo()).map(({ pre_authorized_code: code }) => Phone.activate(server, code)));
await phase('nonce', { make: () => ({ path: '/nonce' }) });
await leasePhase('lease, one proof', phones, 1, requests, 2);
const leases = await leasePhase('lease, eight proofs', phones, 8, Math.ceil(requests / 8), 2);
const shuffled = leases.slice(0, Math.ceil(requests / 4));
await phase('verify, valid', { signs: 1, verifies: 2, aim: 2,
  make: (i) => ({ path: '/verify', headers: json,
    body: JSON.stringify({ code: mint(shuffled[i % shuffled.length], seconds() - Math.floor(i / shuffled.length)), partner: 'demo-rental', requires: 'C1' }) }) });
const { text: shard } = await server.fetch('/status/0');
await phase(`status list (${(shard.length / 1024).toFixed(1)} KB)`, { make: () => ({ method: 'GET', path: '/status/0' }) });
await streamPhases();
children.forEach((socket) => socket.destroy());
server.agent.destroy();
await server.stop();
await postgres?.remove();
