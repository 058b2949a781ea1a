// Browsers that have no headless mode to speak of draw on a display of their own.
import { spawn } from 'node:child_process';
import { endWithUs } from './children.mjs';
import { within } from '../../authority/support/server.mjs';

// As large as a phone's screen at three pixels a CSS pixel.
const screen = '2048x2600x24';

export class Display {
  static async start() {
    const display = new Display();
    // It takes a free number and tells it on descriptor 3.
    display.child = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', screen, '-nolisten', 'tcp'],
      { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
    endWithUs(display.child);
    const number = await within(new Promise((resolve, reject) => {
      display.child.on('error', reject);
      display.child.once('exit', () => reject(new Error('Xvfb ended')));
      display.child.stdio[3].once('data', (chunk) => resolve(String(chunk).trim()));
    }), 'a display');
    display.name = `:${number}`;
    return display;
  }

  stop() {
    this.child.kill();
  }
}
