// The holder's keys and what the session keeps, of one account at one authority. Private keys cannot be read by any script
// where the browser allows that: WebCrypto keys in IndexedDB, marked as not extractable. Otherwise all is in this page's
// memory only, and `storage` says so. Refuses to replace a device key that another tab has made meanwhile.
import { type Bytes, fromBase64, toBase64url } from './bytes.js';
import type { DeviceSigner } from './e-license.d.ts';
import type { KeyStorage } from './messages.js';

interface Key {
  publicKey: Uint8Array;
  sign(bytes: Bytes): Promise<Uint8Array>;
  wipe?(): void;
}

/** As IndexedDB has it. */
interface StoredKey {
  privateKey: CryptoKey;
  publicKey: Bytes;
  made: number; // Date.now()
}

const databaseName = 'e-license';
const deviceSlot = 'device';
// How long a key may be made and what it is for not yet kept; until then another page does not clear it away.
const settling = 600_000; // ms
type Table = 'keys' | 'kept';

// Stores without a database live as long as the page: an element may be removed and put back.
const inMemory = new Map<string, KeyStore>();

function finished<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function committed(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
  });
}

async function openDatabase(): Promise<IDBDatabase | null> {
  try {
    const request = indexedDB.open(databaseName, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore('keys');
      request.result.createObjectStore('kept');
    };
    return await finished(request);
  } catch {
    return null; // private mode, storage turned off
  }
}

async function makeWebKey(tries = 3): Promise<StoredKey | null> {
  try {
    const pair = await crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify']) as CryptoKeyPair;
    const publicKey = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey));
    return { privateKey: pair.privateKey, publicKey, made: Date.now() };
  } catch (error) {
    // Else: an old browser, or a page that is no secure context. WebKitGTK's fails now and then, for no reason.
    return error instanceof DOMException && error.name === 'OperationError' && tries > 1 ? makeWebKey(tries - 1) : null;
  }
}

const webKey = ({ privateKey, publicKey }: StoredKey): Key => ({
  publicKey,
  sign: async (bytes) => new Uint8Array(await crypto.subtle.sign('Ed25519', privateKey, bytes)),
});

const hostKey = (signer: DeviceSigner): Key => ({ publicKey: signer.publicKey, sign: async (bytes) => signer.sign(bytes) });

export class KeyStore {
  storage: KeyStorage = 'memory';
  readonly kept: Record<string, string> = {};
  readonly #keys = new Map<string, Key>();
  readonly #madeHere = new Set<string>();
  readonly #place: [string, string];
  #database: IDBDatabase | null = null;
  // What is written is written in the order of the effects.
  #written: Promise<unknown> = Promise.resolve();

  static async open(authority: string, account: string, signer: DeviceSigner | null): Promise<KeyStore> {
    const name = JSON.stringify([authority, account]);
    const store = inMemory.get(name) ?? new KeyStore(authority, account);
    if (!inMemory.has(name) && !(await store.#openDatabase())) inMemory.set(name, store);
    if (signer) {
      store.#keys.set(deviceSlot, hostKey(signer));
      store.storage = 'host';
    }
    return store;
  }

  private constructor(authority: string, account: string) {
    this.#place = [authority, account];
  }

  /** Of every slot that has a key. */
  publicKeys(): Record<string, string> {
    return Object.fromEntries([...this.#keys].map(([slot, key]) => [slot, toBase64url(key.publicKey)]));
  }

  /** A new key in the slot; for the device's, the one that is there already. Its public half. */
  async make(slot: string): Promise<string> {
    const present = () => (slot === deviceSlot ? this.#keys.get(slot) : undefined);
    let key = present();
    if (!key) {
      const made = await this.#newKey(slot);
      key = present() ?? made; // of two at once the first stays
      if (key !== made) made.wipe?.();
      this.#keys.set(slot, key);
      this.#madeHere.add(slot);
    }
    return toBase64url(key.publicKey);
  }

  async sign(slot: string, bytes: string): Promise<string> {
    const key = this.#keys.get(slot);
    if (!key) throw new Error('no such key');
    const signature = await key.sign(fromBase64(bytes));
    if (!(signature instanceof Uint8Array) || signature.length !== 64) throw new Error('no signature');
    return toBase64url(signature);
  }

  forget(slot: string): void {
    if (slot === deviceSlot && this.storage === 'host') return;
    const mine = this.publicKeys()[slot];
    const settled = slot === deviceSlot || this.#madeHere.delete(slot);
    this.#keys.get(slot)?.wipe?.();
    this.#keys.delete(slot);
    // Another tab may have put another key there, or be about to use one that this tab knows nothing of.
    void this.#write('keys', (table) => {
      const place = [...this.#place, slot];
      const present = table.get(place);
      present.onsuccess = () => {
        const stored = present.result as StoredKey | undefined;
        const isMine = stored && toBase64url(stored.publicKey) === mine;
        if (isMine && (settled || Math.abs(Date.now() - stored.made) > settling)) table.delete(place);
        table.transaction.commit();
      };
    });
  }

  keep(name: string, text: string | null): void {
    if (text === null) {
      delete this.kept[name];
      void this.#write('kept', (table) => { table.delete([...this.#place, name]).transaction?.commit(); });
    } else {
      this.kept[name] = text;
      void this.#write('kept', (table) => { table.put(text, [...this.#place, name]).transaction?.commit(); });
    }
  }

  /** Resolves when all that was written is on the disk. */
  close(): void {
    const database = this.#database;
    void this.#written.then(() => database?.close());
    this.#database = null;
  }

  // False: what this browser can store is not enough, and it is kept in memory.
  async #openDatabase(): Promise<boolean> {
    const database = await openDatabase();
    if (!database) return false;
    // Another version of this page wants to change the database.
    database.onversionchange = () => database.close();
    const stored = await this.#read(database);
    if (!stored || (stored.keys.length === 0 && !(await makeWebKey()))) {
      database.close();
      return false;
    }
    for (const [slot, key] of stored.keys) this.#keys.set(slot, webKey(key));
    Object.assign(this.kept, Object.fromEntries(stored.kept));
    this.#database = database;
    this.storage = 'non-extractable';
    return true;
  }

  async #read(database: IDBDatabase): Promise<{ keys: [string, StoredKey][]; kept: [string, string][] } | null> {
    const all = IDBKeyRange.bound([...this.#place, ''], [...this.#place, []]);
    const read = async <T>(name: Table): Promise<[string, T][]> => {
      const table = database.transaction(name).objectStore(name);
      const [names, values] = await Promise.all([finished(table.getAllKeys(all)), finished(table.getAll(all))]);
      return names.map((place, index) => [(place as string[])[2] as string, values[index] as T]);
    };
    try {
      return { keys: await read<StoredKey>('keys'), kept: await read<string>('kept') };
    } catch {
      return null;
    }
  }

  async #newKey(slot: string): Promise<Key> {
    const made = await makeWebKey();
    if (made) return webKey(this.#database ? await this.#store(slot, made) : made);
    // Not bundled: most browsers never load it. Its file is beside this one.
    return (await import('./signer.js')).makeMemoryKey();
  }

  // The key that is in the slot afterwards: of two tabs that make a device key at once, the second takes the first's.
  async #store(slot: string, made: StoredKey): Promise<StoredKey> {
    let stored = made;
    await this.#write('keys', (table) => {
      const place = [...this.#place, slot];
      if (slot !== deviceSlot) {
        table.put(made, place).transaction?.commit();
        return;
      }
      const present = table.get(place);
      present.onsuccess = () => {
        if (present.result) stored = present.result as StoredKey;
        else table.put(made, place);
        table.transaction.commit();
      };
    });
    return stored;
  }

  // `change` ends with a commit: without one, a page that WebKit suspends in the middle leaves the next page waiting for ever.
  #write(name: Table, change: (table: IDBObjectStore) => void): Promise<void> {
    const database = this.#database;
    const written = this.#written.then(async () => {
      if (!database) return;
      try {
        const transaction = database.transaction(name, 'readwrite');
        change(transaction.objectStore(name));
        await committed(transaction);
      } catch {
        // No room, or a browser that cannot store such keys: what we hold is in memory only.
        if (this.storage === 'non-extractable') this.storage = 'memory';
      }
    });
    this.#written = written;
    return written;
  }
}
