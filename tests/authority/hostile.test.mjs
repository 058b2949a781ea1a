// Clients that mean harm, or that do not know better: the right answer, the connection closed, and the service goes on.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';

import { Server, statuses } from './support/server.mjs';

let server;
before(async () => { server = await Server.start(['--request-timeout', '1', '--body-limit', '4096']); });
after(async () => {
  assert.equal((await server.fetch('/healthz')).status, 200);
  assert.deepEqual(await server.stop(), { code: 0, signal: null });
});

const head = (...lines) => `${lines.join('\r\n')}\r\n\r\n`;
const many = (count) => Array.from({ length: count }, (_, i) => `X-${i}: a`);

describe('raw requests', () => {
  for (const [name, bytes, status, code] of [
    ['many headers', head('GET / HTTP/1.1', 'Host: x', ...many(100)), 431, 'header-count'],
    ['a flood of headers without end', `GET / HTTP/1.1\r\nHost: x\r\n${`${many(100).join('\r\n')}\r\n`.repeat(40)}`, 431, 'header-size'],
    ['a long target', head(`GET /${'a'.repeat(5000)} HTTP/1.1`, 'Host: x'), 414, 'target-size'],
    ['an unknown method', head('BREW / HTTP/1.1', 'Host: x'), 501, 'method-unknown'],
    ['a body announced too large', head('POST / HTTP/1.1', 'Host: x', 'Content-Length: 4097'), 413, 'body-size'],
    ['a length beyond numbers', head('POST / HTTP/1.1', 'Host: x', `Content-Length: ${'9'.repeat(40)}`), 413, 'body-size'],
    ['a negative length', head('POST / HTTP/1.1', 'Host: x', 'Content-Length: -1'), 400, 'header-framing'],
    ['two lengths', head('POST / HTTP/1.1', 'Host: x', 'Content-Length: 1', 'Content-Length: 2'), 400, 'header-duplicate'],
    ['length and chunks', head('POST / HTTP/1.1', 'Host: x', 'Content-Length: 1', 'Transfer-Encoding: chunked'), 400, 'header-framing'],
    ['chunks', head('POST / HTTP/1.1', 'Host: x', 'Transfer-Encoding: chunked'), 411, 'length-required'],
    ['two proofs', head('GET / HTTP/1.1', 'Host: x', 'DPoP: a', 'DPoP: b'), 400, 'header-duplicate'],
    ['no host', head('GET / HTTP/1.1'), 400, 'host-missing'],
    ['NUL in a header', head('GET / HTTP/1.1', 'Host: x\0y'), 400, 'header-character'],
    ['NUL in the target', head('GET /\0 HTTP/1.1', 'Host: x'), 400, 'target'],
    ['a folded header', head('GET / HTTP/1.1', 'Host: x', ' more: a'), 400, 'header-syntax'],
    ['HTTP/3.0', head('GET / HTTP/3.0', 'Host: x'), 505, 'http-version'],
    ['binary noise', '\x16\x03\x01\x02\x00', 400, 'request-line'],
    ['a slow head', 'GET / HTTP/1.1\r\nHost', 408, 'request-timeout'],
    ['a half-open upload', `${head('POST / HTTP/1.1', 'Host: x', 'Content-Length: 10')}ab`, 408, 'request-timeout'],
    ['dots', head('GET /../etc/passwd HTTP/1.1', 'Host: x', 'Connection: close'), 400, 'path'],
    ['encoded dots', head('GET /%2e%2e/etc HTTP/1.1', 'Host: x', 'Connection: close'), 400, 'path'],
    ['an encoded slash', head('GET /a%2fb HTTP/1.1', 'Host: x', 'Connection: close'), 400, 'path'],
    ['an encoded NUL', head('GET /a%00 HTTP/1.1', 'Host: x', 'Connection: close'), 400, 'path'],
    ['broken UTF-8', head('GET /%ff HTTP/1.1', 'Host: x', 'Connection: close'), 400, 'path'],
  ]) {
    it(`${name}: ${status}`, async () => {
      const answer = await server.raw(bytes);
      assert.deepEqual(statuses(answer), [status], answer);
      assert.ok(answer.includes(`"code":"${code}"`), answer);
    });
  }
});
