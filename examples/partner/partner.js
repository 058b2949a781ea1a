// The counter's page: the widget checks, this page's own backend decides by the receipt.
const widget = /** @type {HTMLElement} */ (document.querySelector('e-license-verifier'));
const vehicle = /** @type {HTMLSelectElement} */ (document.getElementById('class'));
const decision = /** @type {HTMLElement} */ (document.getElementById('decision'));

/** @type {Record<string, [string, string]>} */
const words = {
  yes: ['可以交车', 'Hand the vehicle over'],
  no: ['不要交车', 'Do not hand it over'],
  unknown: ['本店系统无法确认，请重新核验', 'Our own system could not confirm it: check again'],
};

/** @param {'yes' | 'no' | 'unknown'} which @param {string | null} [reason] */
function tell(which, reason = null) {
  const [chinese, english] = words[which] ?? ['', ''];
  const small = document.createElement('span');
  small.lang = 'en';
  small.textContent = reason ? `${english} (${reason})` : english;
  decision.className = which;
  decision.replaceChildren(chinese, ' ', small);
  decision.hidden = false;
}

// Each vehicle that is handed over is a transaction of its own; the authority puts its name into the receipt.
async function beginTransaction() {
  const answer = await fetch('/transaction');
  const { transaction } = await answer.json();
  widget.setAttribute('transaction', transaction);
}

widget.addEventListener('result', async (event) => {
  const { receipt, result } = /** @type {CustomEvent} */ (event).detail;
  if (result !== 'valid' || !receipt) return void (decision.hidden = true);
  try {
    const answer = await fetch('/pick-up', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ receipt, class: vehicle.value, transaction: widget.getAttribute('transaction') }),
    });
    if (!answer.ok) throw new Error(String(answer.status));
    const { hand_over: agreed, reason } = await answer.json();
    tell(agreed ? 'yes' : 'no', reason);
    await beginTransaction();
  } catch {
    tell('unknown');
  }
});

vehicle.addEventListener('change', () => {
  widget.setAttribute('requires', vehicle.value);
  decision.hidden = true;
});
beginTransaction().catch(() => tell('unknown'));
