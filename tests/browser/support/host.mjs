// The page with one licence (demo_site/viewer.html) in a browser, and waiting until what stands on it can be looked at.

export class Host {
  constructor(site, page) {
    Object.assign(this, { site, page });
  }

  static async open(browser, site, view) {
    const host = new Host(site, await browser.open(`${site.url}/viewer.html`, view));
    await host.ready();
    return host;
  }
  ready() { return this.page.waitFor(() => Boolean(window.host)); }
  close() { return this.page.close(); }

  /** Somebody's licence, claimed anew with a code of the demo unless `code` is null; it has come to one of the states. */
  async show(account, { states = undefined, code = `demo-${account}`, ...attributes } = {}) {
    await this.page.evaluate((given, code) => window.host.show(given, code), this.site.attributes(account, attributes), code);
    await this.reached(...(states ?? ['live', 'offline', 'refused']));
  }

  async reached(...states) {
    await this.page.waitFor((states) => states.includes(window.viewer.state), states);
  }

  /** What is to be drawn now is drawn, the portrait too; `frames` more than it takes when something moves. */
  async settled(frames = 12) {
    await this.page.waitFor(() => {
      const pages = ['reveal', 'front', 'endorsement', 'enlarge'].some((name) => window.host.control(name));
      return !pages || window.host.drawn().portraits > 0;
    });
    const { frames: before } = await this.page.evaluate(() => window.host.drawn());
    // What moves comes in frames close to each other; what stands still comes once a second, or not at all.
    await this.page.waitFor((before, enough) => {
      const { frames, quiet } = window.host.drawn();
      return frames >= enough || quiet > 1500 || (quiet > 700 && frames >= before + 3);
    }, before, before + frames);
  }

  /** Turns to a page and waits until it lies still. */
  async turn(name) {
    await this.page.evaluate((name) => window.viewer.showPage(name), name);
    await this.settled(45);
  }

  async use(control) {
    await this.page.waitFor((name) => Boolean(window.host.control(name)), control);
    await this.page.evaluate((name) => window.host.control(name).click(), control);
  }
  network(change) { return this.page.evaluate((change) => { Object.assign(window.host.network, change); }, change); }
  shiftClock(milliseconds) { return this.page.evaluate((milliseconds) => window.host.shiftClock(milliseconds), milliseconds); }
  keepClock() { return this.page.evaluate(() => window.host.keepClock()); }
}
