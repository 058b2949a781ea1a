// The host's attributes, checked. What is not as it should be stops the element: it never guesses whom to trust.
import type { Language, PageName } from './messages.js';

const mostRoots = 8;
const rootKey = /^[A-Za-z0-9_-]{43}$/; // 32 bytes

/** An origin: https, or http of this machine. */
export function authorityOf(text: string | null): string | null {
  try {
    const url = new URL(text ?? '');
    const loopback = /^(localhost|[a-z0-9-]+\.localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);
    if (url.protocol !== 'https:' && !(url.protocol === 'http:' && loopback)) return null;
    return url.href === `${url.origin}/` ? url.origin : null;
  } catch {
    return null;
  }
}

export function rootsOf(text: string | null): string[] | null {
  const roots = (text ?? '').split(/\s+/).filter((key) => key);
  return roots.length > 0 && roots.length <= mostRoots && roots.every((key) => rootKey.test(key)) ? roots : null;
}

export const languageOf = (text: string | null): Language => (/^en\b/i.test(text ?? '') ? 'en' : 'zh-CN');

export const pageOf = (text: string | null): PageName | null => (text === 'front' || text === 'endorsement' ? text : null);
