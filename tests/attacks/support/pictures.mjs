// Pictures of codes of any kind and content, as a forger would print them.
import '../../browser/support/film.mjs'; // which gives zxing's writer its module
import { writeBarcode } from 'zxing-wasm/writer';

/** A PNG with a quiet zone around it. @param {'QRCode' | 'Code128'} format */
export async function barcode(format, text) {
  const { image } = await writeBarcode(text, { format, scale: 6, addQuietZones: true, ...(format === 'QRCode' ? { options: 'eclevel=L' } : {}) });
  return Buffer.from(await image.arrayBuffer());
}
