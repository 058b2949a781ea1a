// Goes in front of a wasm program made for Node (tests and benchmarks, never the product).

// The program sees the environment variables of the machine, as a native one does.
Module['preRun'] = function () {
  if (typeof ENV !== 'undefined') Object.assign(ENV, process.env);
};

// Node 18 has the browser's generator, but not yet under its global name.
if (!globalThis.crypto) globalThis.crypto = require('crypto').webcrypto;
