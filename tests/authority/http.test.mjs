// The HTTP ground of the authority: routes, headers, cross-origin rules, static files, options, and stopping.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { execFileSync } from 'node:child_process';
import { mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';

import { Server, folder, run } from './support/server.mjs';

const page = '<!doctype html><title>page</title>';
const script = `export const text = '${'x'.repeat(2000)}';`;
const partner = 'https://partner.example';

function makeSite() {
  const site = folder('site');
  mkdirSync(join(site, 'web/.hidden'), { recursive: true });
  writeFileSync(join(site, 'index.html'), page);
  for (const [name, content] of [['web/a.js', script], ['web/a.css', 'a{}'], ['web/a.wasm', '\0asm'], ['web/.hidden/b.txt', 'secret'],
    ['.env', 'secret'], ['web/张.txt', 'name'], ['plain', 'x']]) writeFileSync(join(site, name), content);
  writeFileSync(join(site, 'web/a.js.br'), brotliCompressSync(script));
  const outside = folder('outside');
  writeFileSync(join(outside, 'secret.txt'), 'secret');
  symlinkSync(join(outside, 'secret.txt'), join(site, 'web/link.txt'));
  symlinkSync(outside, join(site, 'web/linked'));
  execFileSync('mkfifo', [join(site, 'web/fifo')]);
  return site;
}

let server;
const site = makeSite();
before(async () => { server = await Server.start(['--site', site, '--allow-origin', partner, '--allow-origin', 'http://127.0.0.1:9']); });
after(() => server.stop());

function assertProblem(answer, status, code) {
  assert.equal(answer.status, status, answer.text);
  assert.equal(answer.headers['content-type'], 'application/problem+json');
  const document = JSON.parse(answer.text);
  assert.deepEqual(Object.keys(document), ['type', 'title', 'status', 'code']);
  assert.equal(document.status, status);
  assert.equal(document.code, code);
}

describe('routes', () => {
  it('/healthz says that it is well', async () => {
    const answer = await server.fetch('/healthz');
    assert.equal(answer.status, 200);
    assert.deepEqual(JSON.parse(answer.text), { status: 'ok' });
  });
  it('HEAD is a GET without its body', async () => {
    const answer = await server.fetch('/healthz', { method: 'HEAD' });
    assert.deepEqual([answer.status, answer.text, answer.headers['content-length']], [200, '', '15']);
  });
  it('an unknown path is 404', async () => assertProblem(await server.fetch('/nothing'), 404, 'not-found'));
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
    it(`${method} where it is not taken is 405 with Allow`, async () => {
      for (const path of ['/healthz', '/index.html']) {
        const answer = await server.fetch(path, { method });
        assertProblem(answer, 405, 'method-not-allowed');
        assert.equal(answer.headers.allow, 'GET, HEAD, OPTIONS');
      }
    });
  }
  it('/metrics counts by route and status, never by path', async () => {
    await server.fetch('/nobody-asked-for-this?name=hidden');
    const answer = await server.fetch('/metrics');
    assert.match(answer.headers['content-type'], /^text\/plain; version=0\.0\.4/);
    assert.match(answer.text, /^elicense_http_requests_total\{method="GET",route="\/healthz",status="200"\} \d+$/m);
    assert.match(answer.text, /^elicense_http_requests_total\{method="GET",route="\(none\)",status="404"\} \d+$/m);
    assert.match(answer.text, /^elicense_http_request_seconds_bucket\{method="GET",route="\/healthz",le="\+Inf"\} \d+$/m);
    assert.match(answer.text, /^elicense_http_in_flight 1$/m);
    assert.match(answer.text, /^elicense_http_streams 0$/m);
    assert.ok(!answer.text.includes('nobody-asked'));
  });
  it('the log has routes, and neither paths nor queries nor addresses', async () => {
    await server.fetch('/healthz?code=TOPSECRET', { headers: { Authorization: 'DPoP TOPSECRET' } });
    await server.fetch('/TOPSECRET');
    assert.match(server.err, /^\S+Z info GET \/healthz 200 15 bytes \d+ us$/m);
    assert.ok(!/TOPSECRET|127\.0\.0\.1/.test(server.err));
  });
});

describe('headers of every response', () => {
  for (const path of ['/healthz', '/nothing', '/', '/%00', '/metrics']) {
    it(path, async () => {
      const { headers } = await server.fetch(path);
      assert.match(headers['content-security-policy'], /^default-src 'none'; /);
      assert.equal(headers['x-content-type-options'], 'nosniff');
      assert.equal(headers['referrer-policy'], 'no-referrer');
      assert.match(headers['permissions-policy'], /geolocation=\(\)/);
      assert.equal(headers['strict-transport-security'], undefined);
      assert.equal(headers.server, undefined);
      assert.match(headers['cache-control'], /^no-(store|cache)$/);
    });
  }
  it('the site may run its scripts and WebAssembly, the service nothing', async () => {
    const policy = async (path) => (await server.fetch(path)).headers['content-security-policy'];
    assert.match(await policy('/'), /script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'/);
    assert.ok(!(await policy('/healthz')).includes('script-src'));
  });
  it('HSTS with an https origin', async () => {
    const secure = await Server.start(['--origin', 'https://dl.example']);
    try {
      assert.equal((await secure.fetch('/healthz')).headers['strict-transport-security'], 'max-age=31536000');
      assert.equal((await secure.fetch('/')).status, 404);
    } finally {
      await secure.stop();
    }
  });
});

describe('cross-origin', () => {
  it('an origin on the list may read, without credentials', async () => {
    const { headers } = await server.fetch('/healthz', { headers: { Origin: partner } });
    assert.equal(headers['access-control-allow-origin'], partner);
    assert.equal(headers['access-control-allow-credentials'], undefined);
    assert.match(headers.vary, /Origin/);
  });
  it('another may not', async () => {
    for (const origin of ['https://evil.example', 'null', `${partner}.evil.example`, `${partner}/`, 'https://PARTNER.example', '*']) {
      const answer = await server.fetch('/healthz', { headers: { Origin: origin } });
      assert.equal(answer.headers['access-control-allow-origin'], undefined, origin);
      assert.match(answer.headers.vary, /Origin/);
    }
  });
  it('preflight: 204 for the list, 403 for the rest', async () => {
    const ask = (origin) => server.fetch('/healthz', { method: 'OPTIONS', headers: { Origin: origin, 'Access-Control-Request-Method': 'GET' } });
    const good = await ask(partner);
    assert.equal(good.status, 204);
    assert.equal(good.headers['access-control-allow-origin'], partner);
    assert.equal(good.headers['access-control-allow-methods'], 'GET, HEAD, OPTIONS');
    for (const name of ['authorization', 'content-type', 'dpop', 'last-event-id']) {
      assert.ok(good.headers['access-control-allow-headers'].split(', ').includes(name), name);
    }
    assert.equal(good.headers['access-control-max-age'], '7200');
    for (const name of ['Date', 'DPoP-Nonce', 'ETag', 'Retry-After', 'WWW-Authenticate']) {
      assert.ok(good.headers['access-control-expose-headers'].split(', ').includes(name), name);
    }
    const bad = await ask('https://evil.example');
    assertProblem(bad, 403, 'origin-not-allowed');
    assert.equal(bad.headers['access-control-allow-origin'], undefined);
  });
  it('refusals can be read too', async () => {
    assert.equal((await server.fetch('/nothing', { headers: { Origin: partner } })).headers['access-control-allow-origin'], partner);
  });
});

describe('static files', () => {
  for (const [path, type] of [['/', 'text/html; charset=utf-8'], ['/index.html', 'text/html; charset=utf-8'], ['/web/a.js', 'text/javascript; charset=utf-8'],
    ['/web/a.css', 'text/css; charset=utf-8'], ['/web/a.wasm', 'application/wasm'], ['/web/%E5%BC%A0.txt', 'text/plain; charset=utf-8'], ['/plain', 'application/octet-stream']]) {
    it(`${path} is ${type}`, async () => {
      const answer = await server.fetch(path);
      assert.deepEqual([answer.status, answer.headers['content-type']], [200, type]);
    });
  }
  it('a tag saves the second download', async () => {
    const first = await server.fetch('/');
    assert.equal(first.text, page);
    const second = await server.fetch('/', { headers: { 'If-None-Match': first.headers.etag } });
    assert.deepEqual([second.status, second.text, second.headers.etag], [304, '', first.headers.etag]);
    assert.equal((await server.fetch('/', { headers: { 'If-None-Match': '"other"' } })).status, 200);
  });
  it('a changed file is served at once', async () => {
    writeFileSync(join(site, 'web/changing.txt'), 'one');
    const first = await server.fetch('/web/changing.txt');
    writeFileSync(join(site, 'web/changing.txt'), 'other');
    const second = await server.fetch('/web/changing.txt', { headers: { 'If-None-Match': first.headers.etag } });
    assert.deepEqual([first.text, second.text], ['one', 'other']);
  });
  it('brotli where it is taken', async () => {
    const packed = await server.fetch('/web/a.js', { headers: { 'Accept-Encoding': 'gzip, br;q=0.9' } });
    assert.equal(packed.headers['content-encoding'], 'br');
    assert.deepEqual(packed.bytes, brotliCompressSync(script));
    assert.match(packed.headers.vary, /Accept-Encoding/);
    for (const accepted of ['gzip', 'br;q=0', 'br; q=0.000', 'brotli', '']) {
      const plain = await server.fetch('/web/a.js', { headers: { 'Accept-Encoding': accepted } });
      assert.deepEqual([plain.headers['content-encoding'], plain.text], [undefined, script], accepted);
      assert.notEqual(plain.headers.etag, packed.headers.etag);
    }
  });
  for (const path of ['/.env', '/web/.hidden/b.txt', '/web/link.txt', '/web/linked/secret.txt', '/web/fifo', '/web', '/web/', '/index.html/', '/web/a.js/x']) {
    it(`${path} is not there`, async () => assertProblem(await server.fetch(path), 404, 'not-found'));
  }
});

describe('options', () => {
  it('--help names them all, and they are all taken', async () => {
    const { code, out } = await run(['--help']);
    assert.equal(code, 0);
    for (const name of ['listen', 'data', 'site', 'demo', 'origin', 'allow-origin', 'body-limit', 'log-level', 'config']) assert.ok(out.includes(`--${name}`), name);
    assert.match((await run(['--version'])).out, /^elicense-authority \d+\.\d+\.\d+\n$/);
  });
  for (const [words, named] of [[['--nothing'], '--nothing'], [['--listen'], '--listen'], [['--listen', 'x'], '--listen'], [['--listen', '1.2.3.4:99999'], '--listen'],
    [['--body-limit', '12k'], '--body-limit'], [['--origin', 'https://a.example/'], '--origin'], [['--allow-origin', '*'], '--allow-origin'], [['--demo=yes'], '--demo'],
    [['--log-level', 'loud'], '--log-level'], [['--site', 'a', '--site', 'b'], '--site'], [['word'], 'word'], [[], '--data'], [['--config', '/none'], '--config']]) {
    it(`${words.join(' ') || '(none)'} is refused by name`, async () => {
      const done = await run(words);
      assert.deepEqual([done.code, done.out], [2, '']);
      assert.match(done.err, /^elicense-authority: [^\n]+\n$/);
      assert.ok(done.err.includes(named), done.err);
    });
  }
  it('the file, then the environment, then the command line', async () => {
    const data = folder('config');
    const config = join(data, 'config.json');
    writeFileSync(config, JSON.stringify({ origin: 'https://file.example', 'body-limit': 2048, 'allow-origin': ['https://a.example', 'https://b.example'] }));
    const configured = await Server.start(['--config', config], { data, env: { ELICENSE_AUTHORITY_ORIGIN: 'http://environment.example' } });
    try {
      const answer = await configured.fetch('/healthz', { headers: { Origin: 'https://b.example' } });
      assert.equal(answer.headers['access-control-allow-origin'], 'https://b.example');
      assert.equal(answer.headers['strict-transport-security'], undefined);
      assertProblem(await configured.fetch('/healthz', { method: 'POST', body: 'x'.repeat(2049) }), 413, 'body-size');
    } finally {
      await configured.stop();
    }
  });
  it('unknown keys and variables are refused by name', async () => {
    const config = join(folder('config'), 'config.json');
    writeFileSync(config, '{"colour": "red"}');
    assert.match((await run(['--data', '/tmp', '--config', config])).err, /colour/);
    assert.match((await run(['--data', '/tmp'], { ELICENSE_AUTHORITY_COLOUR: 'red' })).err, /ELICENSE_AUTHORITY_COLOUR/);
  });
  it('data inside the site is refused', async () => {
    const done = await run(['--data', join(site, 'data'), '--site', site, '--listen', '127.0.0.1:0']);
    assert.equal(done.code, 1);
    assert.match(done.err, /must not lie in the site folder/);
  });
  it('a taken port is one line and exit 1', async () => {
    const done = await run(['--data', folder('taken'), '--listen', `127.0.0.1:${server.port}`]);
    assert.deepEqual([done.code, done.out, done.err], [1, '', `elicense-authority: port ${server.port} on 127.0.0.1 is taken\n`]);
  });
});

describe('start and stop', () => {
  for (const signal of ['SIGTERM', 'SIGINT']) {
    it(`${signal} ends it well, and the same port serves again`, async () => {
      const first = await Server.start();
      assert.equal(statSync(first.data).mode & 0o077, 0);
      assert.equal((await first.fetch('/healthz')).status, 200);
      assert.deepEqual(await first.stop(signal), { code: 0, signal: null });
      const second = await Server.start([], { listen: `127.0.0.1:${first.port}` });
      assert.deepEqual(await second.stop(), { code: 0, signal: null });
    });
  }
  it('a request that has begun is answered before it ends', async () => {
    const ending = await Server.start();
    let socket;
    const answer = ending.raw('POST /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nab', (opened) => { socket = opened; });
    await ending.fetch('/healthz');
    const ended = ending.stop();
    const until = Date.now() + 10_000;
    while (!ending.err.includes('stopping') && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 5));
    socket.write('cd');
    assert.match(await answer, /^HTTP\/1\.1 405 /);
    assert.deepEqual(await ended, { code: 0, signal: null });
  });
});
