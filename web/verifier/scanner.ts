// Finds QR codes in pictures, with zxing-cpp. A file of its own, loaded only where the browser has no reader: as a worker, or
// as a module of the page where workers are refused.
import { prepareZXingModule, purgeZXingModule, readBarcodes } from 'zxing-wasm/reader';
import { compiledModule, forgetModule } from '../compile.js';
import { sharpened } from './sharpen.js';

/** What a worker is asked, and answers. `texts` null: it could not look at all. */
export interface Question {
  picture: ImageData;
  harder: boolean; // light codes on dark too, and blurred ones
  module: string; // URL
}
export interface Answer { texts: string[] | null }

// Else it would be fetched from somebody else's server.
const prepare = (url: string) => void prepareZXingModule({
  overrides: {
    instantiateWasm(imports, done) {
      void compiledModule(url).then(async (module) => done(await WebAssembly.instantiate(module, imports)));
      return {};
    },
  },
});
let prepared = '';

export async function read({ picture, harder, module: url }: Question): Promise<string[]> {
  await compiledModule(url); // tells when it cannot be had
  if (prepared !== url) prepare(url);
  prepared = url;
  try {
    return await look(picture, harder);
  } catch {
    // It has trapped, which JavaScriptCore is known to do for no reason of the module's: begun anew, from new machine code.
    purgeZXingModule();
    forgetModule(url);
    prepare(url);
    await compiledModule(url);
    return look(picture, harder);
  }
}

async function look(picture: ImageData, harder: boolean): Promise<string[]> {
  const texts = await find(picture, harder);
  return texts.length > 0 || !harder ? texts : find(sharpened(picture), false);
}

async function find(picture: ImageData, tryInvert: boolean): Promise<string[]> {
  const found = await readBarcodes(picture, {
    formats: ['QRCode'], maxNumberOfSymbols: 4, textMode: 'Plain', tryHarder: true, tryInvert, tryRotate: false, tryDownscale: tryInvert,
  });
  return found.filter(({ isValid }) => isValid).map(({ text }) => text);
}

if (typeof document === 'undefined') {
  addEventListener('message', ({ data }: MessageEvent<Question>) => {
    const answer = (texts: string[] | null) => postMessage({ texts } satisfies Answer);
    read(data).then(answer, () => answer(null));
  });
  postMessage({ texts: [] } satisfies Answer); // loaded
}
