// Runs before everything else: hears of violations of the policy, and makes the device as the address asks for it.
// ?wall=MILLISECONDS a clock that is wrong. device.wall and device.monotonic, on top of the real clocks, may be changed later.
'use strict';
{
  const device = { violations: [], monotonic: 0, wall: Number(new URLSearchParams(location.search).get('wall') ?? 0) };
  window.device = device;
  document.addEventListener('securitypolicyviolation', ({ blockedURI, violatedDirective }) => {
    if (!blockedURI.endsWith('/favicon.ico')) device.violations.push(`${violatedDirective} ${blockedURI}`); // the browser's own wish
  });
  const now = Date.now.bind(Date);
  Date.now = () => now() + device.wall;
  const sinceStart = performance.now.bind(performance);
  performance.now = () => sinceStart() + device.monotonic;
}
