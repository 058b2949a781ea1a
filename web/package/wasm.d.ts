// What `import url from 'e-license/e-license.wasm'` gives where the bundler is told to treat wasm as a file (webpack:
// `type: 'asset/resource'`, esbuild: `--loader:.wasm=file`): its address, for the attribute `src-wasm`. Nowhere is it
// needed, as long as the files lie beside each other, and nothing is exported where such an import runs the module.
declare const url: string;
export default url;
