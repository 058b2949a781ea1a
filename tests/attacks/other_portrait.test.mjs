// Tries: the licence of one with the portrait of another, both genuine: on the way to the phone, in what the phone keeps, and in
//   the authority's answer to an inspector.
// Must: the phone shows nothing of such a licence; the inspector's card shows no portrait that is not the code's.
// Why: the portrait has a digest under the authority's signature, in the licence and in every code.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before } from 'node:test';
import { mint } from '../authority/support/phone.mjs';
import { check, Checking, leave } from '../browser/support/checking.mjs';
import { tree } from '../browser/support/demo_site.mjs';
import { leave as leaveViewer, reaches, until } from '../browser/support/stand.mjs';
import { inCredential } from '../browser/support/tampering.mjs';
import { attack } from './support/attack.mjs';
import { disclosureOf, hasKept, kept, reopen } from './support/storage.mjs';

const portraitOf = (person) => `data:image/webp;base64,${readFileSync(join(tree, `assets/people/${person}.webp`)).toString('base64')}`;

/** @type {Checking} */
let checking;
let stand;
before(async () => {
  checking = await Checking.start();
  stand = checking.stand;
});
after(() => checking?.stop());
afterEach(() => stand.wire.mend());

attack({ name: "another's portrait in a licence, on the way and in what is kept", outcome: 'refused' }, async (attempt) => {
  const facts = (person) => ({ portrait: portraitOf(person) });
  await stand.openLive('chromium', { person: await stand.person({}, facts('note')) }).then(({ page }) => leaveViewer(page));
  const other = JSON.parse(stand.wire.to('/credential', 'driving-licence').at(-1).body).credentials[0].credential;
  const theirs = disclosureOf(other, 'portrait');
  const exchanged = (token) => token.replace(disclosureOf(token, 'portrait'), theirs);

  const person = await stand.person({}, facts('normal'));
  const page = await stand.open('chromium');
  const shows = async () => {
    const { error } = await reaches(page, 'one', 'untrusted');
    const text = await page.evaluate(() => tests.text('one'));
    attempt.absent(person.secrets.some((secret) => text.includes(secret)), 'the licence is shown');
    return error;
  };
  stand.wire.change = ({ asked, body }) => (asked.path === '/credential' && asked.body.includes('"driving-licence"') ? inCredential(body, exchanged) : undefined);
  await page.evaluate((settings) => tests.add('one', settings), stand.attributes({ code: person.code }));
  attempt.stopped(await shows(), 'sd-jwt-disclosure');
  stand.wire.mend();
  await page.evaluate(() => document.getElementById('one').refresh());
  attempt.control((await reaches(page, 'one', 'live')).state, 'live');

  await hasKept(page);
  const { licence } = await kept(page);
  stand.wire.cut();
  await page.evaluate(() => tests.remove('one'));
  await kept(page, { licence: exchanged(licence) });
  await reopen(page, stand.attributes());
  attempt.stopped(await shows(), 'sd-jwt-disclosure');
  await leaveViewer(page);
});

attack({ name: "another's portrait in the authority's answer to an inspector", outcome: 'useless' }, async (attempt) => {
  const holder = await checking.holder({}, { portrait: portraitOf('normal') });
  const page = await checking.open();
  const genuine = await check(page, mint(await holder.device.lease()));
  attempt.control(genuine.result);
  attempt.control(genuine.person.portrait, portraitOf('normal'));
  stand.wire.change = ({ asked, body }) => {
    if (asked.path !== '/verify' || asked.method !== 'POST') return undefined;
    const answer = JSON.parse(body);
    return JSON.stringify({ ...answer, portrait: portraitOf('note'), licence: { ...answer.licence, name: '王伪造' } });
  };
  const card = await check(page, mint(await holder.device.lease()));
  attempt.absent(card.person?.name === '王伪造', 'a name that is not in the code is shown');
  attempt.stopped(card.person?.portrait ?? 'no portrait', 'no portrait');
  await until(() => page.evaluate(() => counter.result() === 'valid' || counter.result() === 'unchecked'), 'the card');
  attempt.absent(await page.evaluate((portrait) => counter.everything().includes(portrait), portraitOf('note')), "another's portrait is shown");
  await leave(page);
});
