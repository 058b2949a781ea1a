// The operator's and the partner's side of a test: licences made for it, codes given out, codes checked.
import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { Refused } from './phone.mjs';

// White, 8 by 10 pixels.
export const portrait = 'data:image/webp;base64,UklGRiQAAABXRUJQVlA4IBgAAAAwAQCdASoIAAoAAgA0JaQAA3AA/vuUAAA=';

const digits = (count) => Array.from({ length: count }, () => randomInt(10)).join('');

export const claims = (more = {}) => ({
  document_number: `9${digits(12)}`, licence_number: '370102199003071234', name: '欧阳测试', sex: '男', nationality: '中国', birth_date: '1990-03-07',
  address: '山东省济南市历下区测试路 1 号', first_issue_date: '2012-02-29', valid_from: '2021-06-01', valid_until: '2041-05-31',
  driving_privileges: [{ vehicle_category_code: 'A1', issue_date: '2015-06-01', expiry_date: '2041-05-31' },
    { vehicle_category_code: 'D', issue_date: '2012-02-29' }],
  issuing_authority: '测试', file_number: '370100000000', points: 0, record: [{ date: '2021-06-01', text: '换证' }], ...more,
});

// A day from today in the authority's calendar, UTC+8.
export const day = (ahead) => new Date(Date.now() + (8 * 3600 + ahead * 86_400) * 1000).toISOString().slice(0, 10);

export class Operator {
  constructor(server, key = readFileSync(join(server.data, 'operator-key'), 'utf8').trim()) {
    Object.assign(this, { server, key });
  }
  at(server) { return new Operator(server, this.key); }

  send(path, body = {}) {
    return this.server.fetch(path, { method: 'POST', body: JSON.stringify(body), agent: this.server.agent,
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${this.key}` } });
  }
  async ask(path, body = {}) {
    const answer = await this.send(path, body);
    if (answer.status !== 200) throw new Refused(answer, path);
    return JSON.parse(answer.text);
  }

  // → the document number
  async create(more = {}, { status = 'A', ...facts } = {}) {
    return (await this.ask('/admin/licence/create', { claims: claims(more), portrait, status, ...facts })).document_number;
  }
  licence(document_number) { return this.ask('/admin/licence', { document_number }); }
  async change(document_number, changes) {
    const { revision } = await this.licence(document_number);
    return this.ask('/admin/licence/change', { document_number, revision, ...changes });
  }
  async code(document_number) { return (await this.ask('/admin/licence/code', { document_number })).pre_authorized_code; }
  async partner(name = 'Rental', origin = 'https://rental.example') {
    return new Partner(this.server, origin, (await this.ask('/admin/partner/put', { name, origin })).key);
  }
}

export class Partner {
  constructor(server, origin, key) { Object.assign(this, { server, origin, key }); }
  at(server) { return new Partner(server, this.origin, this.key); }

  send(code, more = {}, headers = { Origin: this.origin }) {
    return this.server.fetch('/verify', { method: 'POST', body: JSON.stringify({ code, partner: this.key, ...more }), agent: this.server.agent,
      headers: { 'Content-Type': 'application/json', ...headers } });
  }
  async verify(code, more = {}) {
    const answer = await this.send(code, more);
    if (answer.status !== 200) throw new Refused(answer, '/verify');
    return JSON.parse(answer.text);
  }
}

// The counter NAME{LABELS} of /metrics, summed over what fits.
export async function metric(server, name) {
  const { text } = await server.fetch('/metrics');
  return text.split('\n').filter((line) => line.startsWith(name)).reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}
