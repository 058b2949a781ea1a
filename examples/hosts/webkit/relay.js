// Runs in the top frame of the licence page, in a script world of the app's own: WebKitGTK and iOS put it there (docs/hosts.md), and
// behind it a line that calls relay(ORIGIN). The app's message handler is registered in that world alone, so that no page and no frame
// has an object of the app to call. The page speaks by events of its own document, which scripts of other origins cannot reach.
'use strict';

Object.assign(globalThis, {
  /** @param {string} origin where the licence page is; elsewhere there is nothing to hear or to speak with */
  relay(origin) {
    if (location.origin !== origin || window !== window.top) return;
    const longestText = 16_384;
    document.addEventListener('e-license-say', (event) => {
      event.preventDefault(); // somebody is here
      const { detail } = /** @type {CustomEvent} */ (event);
      if (detail === null) return;
      // Longer than anything that is said: the app refuses it, and need not have all of it for that.
      const text = typeof detail === 'string' ? detail.slice(0, longestText + 1) : '';
      /** @type {any} */ (window).webkit.messageHandlers.eLicense.postMessage(text);
    });
    Object.assign(globalThis, {
      /**
       * What the app calls: true when the page has taken the text. What the page does of it, it has done when this returns.
       * @param {string} text
       */
      hear: (text) => !document.dispatchEvent(new CustomEvent('e-license-hear', { detail: text, cancelable: true })),
    });
  },
});
