// The device that the page runs on, as the address asks for it: ?wall=MILLISECONDS a clock that is wrong, ?without=webgl2
// or ed25519. Runs before everything else. device.wall may be changed later.
'use strict';
{
  const wishes = new URLSearchParams(location.search);
  const device = { wall: Number(wishes.get('wall') ?? 0), violations: [] };
  window.device = device;
  document.addEventListener('securitypolicyviolation', ({ blockedURI, violatedDirective }) => {
    if (!blockedURI.endsWith('/favicon.ico')) device.violations.push(`${violatedDirective} ${blockedURI}`); // the browser's own wish
  });

  const RealDate = Date;
  window.Date = class extends RealDate {
    constructor(...parts) {
      super(...(parts.length ? parts : [RealDate.now() + device.wall]));
    }
    static now() { return RealDate.now() + device.wall; }
  };

  const without = wishes.getAll('without');
  if (without.includes('webgl2')) {
    const real = HTMLCanvasElement.prototype.getContext;
    HTMLCanvasElement.prototype.getContext = function (kind, ...more) {
      return kind === 'webgl2' ? null : real.call(this, kind, ...more);
    };
  }
  if (without.includes('webassembly')) delete window.WebAssembly;
  if (without.includes('ed25519')) {
    crypto.subtle.generateKey = () => Promise.reject(new DOMException('not this algorithm', 'NotSupportedError'));
  }
}
