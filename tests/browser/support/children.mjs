// A test that fails must not leave programs behind.

const running = new Set();
process.once('exit', () => { for (const child of running) child.kill('SIGKILL'); });

/** @param {import('node:child_process').ChildProcess} child */
export function endWithUs(child) {
  running.add(child);
  child.once('exit', () => running.delete(child));
}
