// The device that the page runs on, as the address asks for it: ?wall=MILLISECONDS a clock that is wrong, ?without=webgl2,
// webassembly or ed25519, ?still for somebody who wants nothing to move. Runs before everything else. device.wall and device.monotonic, milliseconds on top of the real clocks, may be changed later.
'use strict';
{
  const wishes = new URLSearchParams(location.search);
  const device = { wall: Number(wishes.get('wall') ?? 0), monotonic: 0, violations: [] };
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

  const sinceStart = performance.now.bind(performance);
  performance.now = () => sinceStart() + device.monotonic;
  const onFrame = window.requestAnimationFrame.bind(window);
  window.requestAnimationFrame = (draw) => onFrame((now) => draw(now + device.monotonic));

  if (wishes.has('still')) {
    const asked = window.matchMedia.bind(window);
    window.matchMedia = (query) =>
      (query.includes('prefers-reduced-motion') ? Object.assign(new EventTarget(), { media: query, matches: true }) : asked(query));
  }

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
