// Packages of the plain page that bring no types of their own: what it uses of them.
declare module 'qrcode' {
  export interface Segment { data: string; mode: 'alphanumeric' }
  export interface Looks { errorCorrectionLevel: 'L'; scale: number }
  const QRCode: { toCanvas(canvas: HTMLCanvasElement, segments: Segment[], looks: Looks): Promise<void> };
  export default QRCode;
}

declare module 'base45' {
  const base45: { encode(bytes: Uint8Array): string };
  export default base45;
}
