// Before every other script of the page.
window.violations = [];
document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
  window.violations.push(`${violatedDirective} ${blockedURI}`);
});
window.failures = [];
const trueError = console.error;
console.error = (...words) => {
  window.failures.push(words.map((word) => (word instanceof Error ? `${word.message} ${word.stack}` : String(word))).join(' '));
  trueError.apply(console, words);
};
