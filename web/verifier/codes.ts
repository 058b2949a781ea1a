// What a live code's text can look like. Whatever else a camera sees is not ours: it is neither shown nor followed.

const form = /^[0-9A-Z $%*+\-./:]{120,4296}$/; // Base45; the longest that a QR code holds
const longest = 8192; // enough for the module to say that it is too long

export const couldBeCode = (text: string): boolean => form.test(text);

/** A text as it was pasted or typed. */
export const tidied = (text: string): string => text.slice(0, longest).replace(/^\s*\n|[\r\n]+$/g, '');
