// Runs in a page before anything of its own: window.memories are the memories of its wasm modules.
export function catchMemories() {
  window.memories = [];
  const instantiate = WebAssembly.instantiate;
  WebAssembly.instantiate = async (...words) => {
    const made = await instantiate.apply(WebAssembly, words);
    for (const thing of Object.values((made.instance ?? made).exports)) if (thing instanceof WebAssembly.Memory) window.memories.push(thing);
    return made;
  };
}
