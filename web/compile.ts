// A wasm module is compiled once per URL.

const compiled = new Map<string, Promise<WebAssembly.Module>>();

async function compile(url: string): Promise<WebAssembly.Module> {
  const answer = await fetch(url, { credentials: 'same-origin' });
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  try {
    return await WebAssembly.compileStreaming(answer.clone());
  } catch {
    // Another MIME type, or a webview that refuses streams of its own scheme.
    return WebAssembly.compile(await answer.arrayBuffer());
  }
}

export function compiledModule(url: string): Promise<WebAssembly.Module> {
  let module = compiled.get(url);
  if (!module) {
    module = compile(url);
    compiled.set(url, module);
    // The next one tries again.
    module.catch(() => compiled.delete(url));
  }
  return module;
}

/** The next instance is compiled anew. */
export function forgetModule(url: string): void {
  compiled.delete(url);
}

/** An instance of it with the glue around it. */
export async function instanceOf<G extends Glue>(makeInstance: MakeInstance<G>, url: string): Promise<G> {
  const module = await compiledModule(url);
  return new Promise((resolve, reject) => {
    makeInstance({
      instantiateWasm(imports, done) {
        WebAssembly.instantiate(module, imports).then(done, reject);
        return {}; // the exports come later
      },
    }).then(resolve, reject);
  });
}
