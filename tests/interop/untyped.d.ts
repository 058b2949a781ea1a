// Peers that bring no types of their own: what the tests use of them.
declare module '@mosip/pixelpass' {
  export function decode(text: string): string;
  export function decodeMappedData(data: Uint8Array | Map<unknown, unknown>, names: Record<number, string>): any;
}

declare module 'base45-web' {
  export function encode(bytes: Uint8Array): string;
  export function decode(text: string): number[];
}
