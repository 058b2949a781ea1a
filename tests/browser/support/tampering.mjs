// One bit turned over, in every region of what the authority signs. A region is a function from a token's text to another.
import { Decoder } from 'cbor-x';

const cbor = new Decoder({ mapsAsObjects: false, useRecords: false });

function flipped(bytes, at) {
  const copy = Buffer.from(bytes);
  copy[at] ^= 1;
  return copy;
}

const places = { start: () => 0, middle: (size) => Math.floor(size / 2), end: (size) => size - 1 };

const inBase64url = (text, place) => {
  const bytes = Buffer.from(text, 'base64url');
  return flipped(bytes, place(bytes.length)).toString('base64url');
};

/** Of a compact JWS: {name, error?, change}; error where there is only one right answer. */
export const regionsOfJws = ['header', 'payload', 'signature'].flatMap((part, index) =>
  Object.entries(places).map(([where, place]) => ({
    name: `${part}, ${where}`,
    // A header that cannot be read any more is refused before any signature is looked at.
    error: part === 'header' ? undefined : 'signature',
    change: (token) => token.split('.').map((text, at) => (at === index ? inBase64url(text, place) : text)).join('.'),
  })));

/** Of an SD-JWT: its JWS, and each disclosure. */
export const regionsOfLicence = (claimNames) => [
  ...regionsOfJws.map(({ change, ...region }) => ({
    ...region,
    change: (token) => {
      const [jws, ...rest] = token.split('~');
      return [change(jws), ...rest].join('~');
    },
  })),
  ...claimNames.map((claim) => ({
    name: `disclosure of ${claim}`,
    change: (token) => token.split('~').map((part, index) => {
      if (index === 0 || !part || JSON.parse(Buffer.from(part, 'base64url'))[1] !== claim) return part;
      // In the salt: a disclosure that reads as well as before, only that nobody has signed it.
      const [salt, ...rest] = JSON.parse(Buffer.from(part, 'base64url'));
      return Buffer.from(JSON.stringify([(salt[0] === 'A' ? 'B' : 'A') + salt.slice(1), ...rest])).toString('base64url');
    }).join('~'),
  })),
  { name: 'a disclosure left out', change: (token) => token.split('~').toSpliced(3, 1).join('~') },
  {
    name: 'another name in its disclosure',
    change: (token) => token.split('~').map((part, index) => {
      if (index === 0 || !part) return part;
      const [salt, claim, value] = JSON.parse(Buffer.from(part, 'base64url'));
      return claim === 'name' ? Buffer.from(JSON.stringify([salt, claim, `${value}二`])).toString('base64url') : part;
    }).join('~'),
  },
];

/** Of a lease: base64url of tag 18 and [protected, {}, payload, signature]. */
export const regionsOfLease = [
  { name: 'tag', change: (token) => flipped(Buffer.from(token, 'base64url'), 0).toString('base64url') },
  ...['protected header', 'payload', 'signature'].flatMap((part, index) => Object.entries(places).map(([where, place]) => ({
    name: `${part}, ${where}`,
    change: (token) => {
      const bytes = Buffer.from(token, 'base64url');
      const content = Buffer.from(cbor.decode(bytes.subarray(1))[[0, 2, 3][index]]);
      return flipped(bytes, bytes.indexOf(content) + place(content.length)).toString('base64url');
    },
  }))),
];

/** An answer of /credential with this done to its credential. */
export function inCredential(body, change) {
  const answer = JSON.parse(body);
  answer.credentials[0].credential = change(answer.credentials[0].credential);
  return JSON.stringify(answer);
}

/** The device key, as its thumbprint's material, that a request was proved with. */
export const deviceKeyOf = ({ headers }) => headers.dpop && JSON.parse(Buffer.from(headers.dpop.split('.')[0], 'base64url')).jwk.x;
