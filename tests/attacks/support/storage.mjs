// The hands of somebody who has the phone and its browser's tools: what a viewer keeps on the disk, read and edited.

// In the page.
async function withKept(change) {
  const opened = indexedDB.open('e-license');
  const database = await new Promise((resolve, reject) => { opened.onsuccess = () => resolve(opened.result); opened.onerror = reject; });
  const table = database.transaction('kept', 'readwrite').objectStore('kept');
  const done = (request) => new Promise((resolve, reject) => { request.onsuccess = () => resolve(request.result); request.onerror = reject; });
  const places = await done(table.getAllKeys());
  const texts = await done(table.getAll());
  const kept = {};
  places.forEach((place, index) => {
    const name = place.at(-1);
    kept[name] = texts[index];
    if (change[name] !== undefined) table.put(change[name], place);
  });
  await new Promise((resolve) => { table.transaction.oncomplete = resolve; table.transaction.commit(); });
  database.close();
  return kept;
}

/** The texts that the one viewer of this page's origin keeps, by name; those in `change` are put in their place. */
export const kept = (page, change = {}) => page.evaluate(withKept, change);

/** Everything that a viewer keeps is on the disk. */
export const hasKept = (page) => page.waitFor(async () => {
  const names = await tests.kept();
  return ['account', 'lease', 'licence', 'time', 'trust-list'].every((name) => names.includes(name));
});

/** The page again, without a code to sign in. */
export async function reopen(page, attributes) {
  await page.reload();
  await page.waitFor(() => window.ready);
  await page.evaluate((settings) => tests.add('one', settings), attributes);
}

/** An SD-JWT with another value in one claim's disclosure, as the forger writes it. */
export const withClaim = (token, name, value) => token.split('~').map((part, index) => {
  if (index === 0 || !part) return part;
  const [salt, claim] = JSON.parse(Buffer.from(part, 'base64url'));
  return claim === name ? Buffer.from(JSON.stringify([salt, claim, value])).toString('base64url') : part;
}).join('~');

/** The disclosure of a claim, as the authority made it. */
export const disclosureOf = (token, name) => token.split('~').slice(1).find((part) => part && JSON.parse(Buffer.from(part, 'base64url'))[1] === name);
