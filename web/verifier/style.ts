// The element's style, as a constructable stylesheet. A card is light wherever it stands; what lies around it follows the
// page's colour scheme. Wide enough, the viewfinder stands beside the result.

export const style = `
:host { display: block; box-sizing: border-box; inline-size: 100%; margin-inline: auto; max-inline-size: var(--e-license-max-width, 75rem); }
:host([hidden]), [hidden] { display: none !important; }
*, ::before, ::after { box-sizing: border-box; }
p, h2, dl, dd, ul, ol { margin: 0; padding: 0; }
.frame {
  --ground: var(--e-license-ground, #eef3f1);
  --on-ground: #10302a;
  --on-ground-soft: #4d675f;
  --raised: #fdfefd;
  --line: #bfd0ca;
  position: relative;
  container-type: inline-size;
  overflow: clip;
  background: var(--ground);
  color: var(--on-ground);
  border-radius: var(--e-license-radius, 0);
  font: 1rem/1.5 var(--e-license-font, "PingFang SC", "Noto Sans CJK SC", "Noto Sans SC", "Microsoft YaHei", system-ui, sans-serif);
  text-align: start;
  min-block-size: inherit;
  overflow-wrap: anywhere;
  -webkit-text-size-adjust: 100%;
  text-size-adjust: 100%;
}
@supports (color: light-dark(#000, #fff)) {
  .frame {
    --ground: var(--e-license-ground, light-dark(#eef3f1, #0f1d1a));
    --on-ground: light-dark(#10302a, #e6f0ec);
    --on-ground-soft: light-dark(#4d675f, #a9c2ba);
    --raised: light-dark(#fdfefd, #1a2d28);
    --line: light-dark(#bfd0ca, #35504a);
  }
}
.frame:focus { outline: none; }
button, input, textarea { font: inherit; color: inherit; }
button { cursor: pointer; touch-action: manipulation; -webkit-tap-highlight-color: transparent; }
:focus-visible { outline: 3px solid var(--e-license-focus, #1c8f7c); outline-offset: 2px; }
.icon { inline-size: 1.5em; block-size: 1.5em; flex: none; fill: none; stroke: currentColor; stroke-width: 1.7; stroke-linecap: round; stroke-linejoin: round; }
.icon-usable, .icon-refused, .icon-noted { stroke-width: 3; }

/* --- places --- */
.desk { display: grid; grid-template-columns: minmax(0, 1fr); gap: 12px; padding-block-end: 12px; }
.desk > * { margin-inline: 16px; }
.tap { order: -1; margin-block-start: 16px; }
.frame .tap:not([hidden]) ~ .dock { padding-block-start: 0; }
.outcome { order: 1; }
.dock { order: 2; }
.actions { order: 3; }
.foot { order: 4; }
[data-view="idle"] .dock, [data-view="checking"] .dock { order: 0; padding-block-start: 16px; }
[data-view="idle"] .outcome, [data-view="checking"] .outcome { order: 3; }
[data-view="result"] .outcome { margin-inline: 0; }

/* --- the viewfinder --- */
.dock { display: grid; gap: 8px; position: relative; }
.dock[data-camera="false"] .window { display: none; }
.window {
  position: relative;
  display: grid;
  place-content: center;
  justify-items: center;
  gap: 14px;
  inline-size: 100%;
  aspect-ratio: 1;
  max-block-size: min(27rem, 72vb);
  padding: 20px;
  overflow: hidden;
  border-radius: 18px;
  background: #0c2a24;
  box-shadow: inset 0 0 0 1px rgb(255 255 255 / 12%);
  color: #fff;
  text-align: center;
}
video { position: absolute; inset: 0; inline-size: 100%; block-size: 100%; object-fit: cover; }
video.mirrored { transform: scaleX(-1); }
.window:not([data-camera="on"]) video { visibility: hidden; }
.corners { position: absolute; inset: 0; margin: auto; inline-size: min(68%, 68cqi, 18rem); aspect-ratio: 1; max-block-size: 78%; pointer-events: none; translate: 0 -3%; }
.corners i { position: absolute; inline-size: 34px; block-size: 34px; border: 0 solid #fff; filter: drop-shadow(0 0 2px rgb(0 0 0 / 55%)); }
.corners i:nth-child(1) { inset: 0 auto auto 0; border-width: 4px 0 0 4px; border-radius: 14px 0 0; }
.corners i:nth-child(2) { inset: 0 0 auto auto; border-width: 4px 4px 0 0; border-radius: 0 14px 0 0; }
.corners i:nth-child(3) { inset: auto 0 0 auto; border-width: 0 4px 4px 0; border-radius: 0 0 14px; }
.corners i:nth-child(4) { inset: auto auto 0 0; border-width: 0 0 4px 4px; border-radius: 0 0 0 14px; }
.window[data-camera="off"] .corners { opacity: .28; }
.hint, .tools { position: absolute; }
.hint { inset: auto 12px 12px; justify-self: center; inline-size: fit-content; margin-inline: auto; padding: 6px 14px; border-radius: 12px; background: rgb(6 24 20 / 72%); font-size: .9375rem; font-weight: 600; line-height: 1.35; }
.tools { inset: 12px 12px auto; display: flex; gap: 8px; align-items: center; justify-content: flex-end; }
.tools .tool, .tools .zoom { background: rgb(6 24 20 / 72%); color: #fff; border-color: rgb(255 255 255 / 30%); }
.tools .zoom { flex: 1; min-inline-size: 0; max-inline-size: 12rem; block-size: 44px; margin: 0; padding-inline: 10px; border-radius: 22px; accent-color: #4fd3b4; }
.start, .primary {
  min-block-size: 48px;
  padding: 8px 22px;
  border: 1px solid transparent;
  border-radius: 14px;
  background: #0b6e5f;
  color: #fff;
  font-weight: 700;
}
.start { position: relative; display: inline-flex; align-items: center; gap: 10px; background: #fff; color: #0b5a4e; font-size: 1.0625rem; box-shadow: 0 6px 24px rgb(0 0 0 / 30%); }
.trouble { position: relative; max-inline-size: 24rem; font-size: .9375rem; }
.trouble:empty { display: none; }
.window:has(.trouble:not(:empty)) .corners { opacity: 0; }
.dock:not([data-checking=""])::after {
  content: attr(data-checking);
  position: absolute;
  inset: 0;
  inset-block-start: 16px;
  display: grid;
  place-content: center;
  border-radius: 18px;
  background: rgb(9 40 34 / 92%);
  color: #fff;
  font-size: 1.5rem;
  font-weight: 700;
  animation: appear .15s .15s backwards;
}
@keyframes appear { from { opacity: 0; } }
.dock[data-camera="false"]:not([data-checking=""])::after { position: static; min-block-size: 8rem; }
.notice { padding: 10px 14px; border-radius: 12px; background: #fff7e6; border: 1px solid #e5b95a; color: #5c3d00; font-weight: 600; }

/* --- the next one --- */
.next { display: grid; grid-template-columns: minmax(0, 1fr) auto; align-items: center; gap: 8px 12px; font-weight: 600; }
.track { grid-column: 1 / -1; block-size: 6px; border-radius: 3px; background: var(--line); overflow: hidden; }
.bar { block-size: 100%; border-radius: 3px; background: #1c8f7c; transform-origin: 0 50%; }

/* --- the result --- */
.card { color-scheme: light; color: #10302a; }
.band { display: flex; align-items: center; gap: 18px; padding: 24px; color: #fff; background: #a3231c; }
[data-tone="usable"] .band { background: #0d8059; }
[data-tone="checking"] .band { background: #24504a; }
[data-tone="checking"] .sign { background: none; border: 5px solid #fff; border-inline-end-color: transparent; animation: turn .9s linear infinite; }
@keyframes turn { to { rotate: 360deg; } }
[data-tone="noted"] .band { background: #ffefcc; color: #5c3d00; box-shadow: inset 0 0 0 2px #e5b95a; }
.sign { flex: none; display: grid; place-content: center; inline-size: 64px; block-size: 64px; border-radius: 50%; background: #fff; color: #a3231c; font-size: 30px; }
[data-tone="usable"] .sign { color: #0d8059; }
[data-tone="noted"] .sign { background: #8a5a00; color: #fff; }
.title { font-size: 2.25rem; font-weight: 700; line-height: 1.15; letter-spacing: .04em; }
:lang(zh) .title { letter-spacing: .1em; }
.title { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 14px; }
.mark { padding: 3px 12px; border: 2px solid currentColor; border-radius: 999px; font-size: 1.0625rem; line-height: 1.3; letter-spacing: 0; }
.band .line { margin-block-start: 4px; text-wrap: balance; font-size: 1.0625rem; line-height: 1.35; }
.line .second:not(:last-child)::after { content: " · "; }
.panels { display: grid; gap: 12px; padding: 16px 16px 0; }
.panel { padding: 16px; border-radius: 18px; background: #fdfefd; color: #10302a; color-scheme: light; box-shadow: 0 1px 2px rgb(16 48 42 / 7%); }
.second { color: #4d675f; font-weight: 400; }
.band .second { color: inherit; }
.lines > span { display: block; }
.label, dt { font-size: .875rem; line-height: 1.4; color: #35524a; }
.person { display: flex; gap: 16px; align-items: flex-start; }
.portrait { flex: none; inline-size: clamp(6.5rem, 32cqi, 11rem); aspect-ratio: 3 / 4; object-fit: cover; border: 1px solid #b4cdc5; border-radius: 10px; background: #e8eef2; }
.portrait.none { display: grid; place-content: center; justify-items: center; gap: 8px; padding: 8px; color: #4d675f; font-size: .8125rem; line-height: 1.35; text-align: center; text-wrap: balance; }
.portrait.none .icon { font-size: 2rem; }
.facts { min-inline-size: 0; flex: 1; }
.name { font-size: 1.75rem; font-weight: 700; line-height: 1.25; letter-spacing: .04em; margin-block-end: 6px; }
.facts dl { display: grid; gap: 8px; }
.facts dd { font-size: 1.125rem; font-weight: 700; line-height: 1.35; font-variant-numeric: tabular-nums; }
.chips { display: flex; flex-wrap: wrap; gap: 6px; padding-block-start: 2px; }
.chip { min-inline-size: 2.4em; padding: 1px 9px; border-radius: 8px; background: #0b6e5f; color: #fff; text-align: center; }
.answer .large { display: flex; align-items: center; flex-wrap: wrap; gap: 4px 10px; font-size: 2rem; font-weight: 700; line-height: 1.3; }
.answer .large .second { font-weight: 700; color: inherit; }
.answer .large .icon { font-size: 1.35rem; margin-inline-start: -.2em; }
.answer.yes .large { color: #0a7350; }
.answer.no { background: #a3231c; color: #fff; }
.answer.no .label, .answer.no .second { color: #fff; }
.because { font-size: 1rem; }
.echo { display: flex; align-items: center; gap: 16px; }
.echo .lines { flex: 1; }
.digits { font-size: 3.25rem; font-weight: 700; line-height: 1; letter-spacing: .12em; margin-inline-end: -.12em; color: #0b4f7d; font-variant-numeric: tabular-nums; }
.meaning .first { font-size: 1.25rem; font-weight: 700; line-height: 1.4; }
.meaning .second { margin-block-start: 6px; }
.state { display: flex; gap: 12px; align-items: center; font-weight: 700; font-size: 1.125rem; line-height: 1.35; }
.letters { padding: 2px 12px; border-radius: 8px; background: #a3231c; color: #fff; font-size: 1.25rem; }
[data-tone="usable"] .letters, [data-tone="noted"] .letters { background: #8a5a00; }
.unchecked { background: #fff7e6; border: 1px solid #e5b95a; color: #5c3d00; }
.unchecked :is(.label, .second) { color: inherit; }
.unchecked ul { padding-inline-start: 1.2em; }
.unchecked li { line-height: 1.4; }
.unchecked li + li { margin-block-start: 6px; }
.closing { text-align: center; color: var(--on-ground-soft); text-wrap: balance; }
.closing > span { display: inline-block; }
.closing .second { color: inherit; }

/* --- without a result --- */
.guide { color: var(--on-ground); }
.guide h2 { font-size: 1.125rem; margin-block-end: 8px; }
.guide ol { display: grid; gap: 8px; counter-reset: step; list-style: none; }
.guide li { counter-increment: step; display: flex; gap: 10px; align-items: baseline; }
.guide li::before { content: counter(step); flex: none; inline-size: 1.6em; block-size: 1.6em; line-height: 1.6em; border-radius: 50%; background: #0b6e5f; color: #fff; font-size: .875rem; font-weight: 700; text-align: center; }
.guide > p { margin-block-start: 10px; color: var(--on-ground-soft); }
.obstacle { display: grid; align-content: center; justify-items: center; gap: 1rem; min-block-size: 16rem; padding: 24px; text-align: center; }
.obstacle p { max-inline-size: 28rem; }

/* --- controls --- */
.actions { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 8px; }
.action { display: flex; align-items: center; justify-content: center; gap: 8px; min-block-size: 48px; padding: 6px 12px; border: 1px solid var(--line); border-radius: 14px; background: var(--raised); color: var(--on-ground); font-weight: 600; line-height: 1.3; }
.action:hover, .plain:hover { border-color: #1c8f7c; }
.action:first-of-type, .text { grid-column: 1 / -1; }
.text { display: grid; gap: 8px; }
.text textarea { inline-size: 100%; padding: 10px 12px; border: 1px solid #6f8f86; border-radius: 12px; background: var(--raised); resize: vertical; font-family: ui-monospace, monospace; font-size: 1rem; overflow-wrap: anywhere; }
.text .primary { justify-self: end; }
.tap { display: grid; grid-template-columns: minmax(0, 1fr) auto; align-items: center; gap: 4px 16px; border: 2px solid #0b4f7d; }
.tap .first { font-size: 1.125rem; font-weight: 700; }
.tap .digits { font-size: clamp(4.5rem, 24cqi, 7rem); }
.plain { min-block-size: 44px; padding: 6px 18px; border: 1px solid #8db8ae; border-radius: 12px; background: none; font-weight: 600; justify-self: start; }
.foot { display: flex; align-items: center; gap: 8px; min-block-size: 44px; }
.ready { flex: 1; display: flex; align-items: baseline; gap: 8px; color: var(--on-ground-soft); font-size: .9375rem; line-height: 1.4; }
.ready::before { content: ""; flex: none; inline-size: 10px; block-size: 10px; border-radius: 50%; background: #8fa8a0; }
.ready[data-state="online"]::before { background: #12a374; }
.ready[data-state="offline"]::before { background: none; border: 3px solid #c98a16; }
.ready[data-state="not"]::before { background: #c0392f; border-radius: 0; }
.tool { position: relative; flex: none; display: grid; place-content: center; inline-size: 44px; block-size: 44px; padding: 0; border: 1px solid var(--line); border-radius: 50%; background: var(--raised); color: var(--on-ground); }
.foot .tool[aria-pressed="false"]::after { content: ""; position: absolute; inset: 0; margin: auto; inline-size: 28px; block-size: 2.5px; border-radius: 2px; background: currentColor; box-shadow: 0 0 0 1.5px var(--raised); rotate: 45deg; }
.foot .tool[aria-pressed="false"] { color: var(--on-ground-soft); }
.tools .tool[aria-pressed="true"] { background: #fff; color: #0b5a4e; }
.over::after { content: attr(data-drop); position: absolute; inset: 0; z-index: 2; display: grid; place-content: center; border: 4px dashed #1c8f7c; border-radius: inherit; background: rgb(238 243 241 / 92%); color: #10302a; font-size: 1.25rem; font-weight: 700; }
.said { position: absolute; inset: 0 auto auto 0; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

/* --- narrow: beside a result the viewfinder is small, and stays in sight --- */
@container (width < 46rem) {
  [data-view="result"] .dock {
    position: sticky;
    inset-block-end: 0;
    z-index: 1;
    grid-template-columns: auto minmax(0, 1fr);
    align-items: center;
    gap: 0 14px;
    margin-inline: 0;
    padding: 10px 16px;
    background: var(--raised);
    border-block-start: 1px solid var(--line);
  }
  [data-view="result"] .dock[data-camera="false"] { grid-template-columns: minmax(0, 1fr); }
  [data-view="result"] .window { inline-size: 76px; padding: 6px; border-radius: 12px; }
  [data-view="result"] .window > :is(.hint, .tools, .trouble) { display: none; }
  [data-view="result"] .corners i { inline-size: 14px; block-size: 14px; border-width: 0; }
  [data-view="result"] .start { inline-size: 64px; min-block-size: 64px; padding: 0; justify-content: center; box-shadow: none; background: none; color: #fff; }
  [data-view="result"] .start span { position: absolute; inline-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
  [data-view="result"] .notice { grid-column: 1 / -1; }
  .desk:has(> .tap:not([hidden])) .guide { display: none; }
}
@container (width < 23rem) {
  .band { gap: 14px; padding: 18px 16px; }
  .sign { inline-size: 52px; block-size: 52px; font-size: 25px; }
  .title { font-size: 1.875rem; }
  .person { gap: 12px; }
  .panel { padding: 14px; }
  .portrait { inline-size: 5.5rem; }
  .name { font-size: 1.375rem; }
  .facts dd { font-size: .9375rem; }
}

/* --- wide: side by side --- */
@container (width >= 46rem) {
  .desk { grid-template-columns: minmax(0, 5fr) minmax(0, 6fr); grid-template-rows: auto auto auto 1fr; gap: 16px 24px; padding: 24px; }
  .desk > *, [data-view="result"] .outcome { margin-inline: 0; }
  .dock, .tap, .actions, .foot { grid-column: 1; }
  .tap { order: 2; margin-block-start: 0; }
  [data-view="idle"] .dock, [data-view="checking"] .dock { padding-block-start: 0; }
  .dock:not([data-checking=""])::after { inset-block-start: 0; }
  .foot { align-self: start; }
  .outcome { grid-column: 2; grid-row: 1 / 5; }
  .band { padding: 28px 32px; border-radius: 20px; }
  .sign { inline-size: 84px; block-size: 84px; font-size: 40px; }
  .title { font-size: 3rem; }
  .band .line { font-size: 1.25rem; }
  .panels { padding: 16px 0 0; gap: 14px; }
  .panel { padding: 20px 24px; }
  .portrait { inline-size: 11rem; }
  .person { gap: 24px; }
  .name { font-size: 2.125rem; }
  .facts dd { font-size: 1.25rem; }
  .answer .large { font-size: 2.25rem; }
  .digits { font-size: 4rem; }
  .guide { padding: 32px; border-radius: 20px; background: var(--raised); border: 1px solid var(--line); }
  .guide h2 { font-size: 1.5rem; margin-block-end: 16px; }
  .guide ol { gap: 16px; font-size: 1.125rem; }
  .guide > p { margin-block-start: 18px; }
}

@media (prefers-reduced-motion: reduce) {
  .dock::after, .sign { animation: none !important; }
}
@media (forced-colors: active) {
  .band, .panel, .window, .notice { border: 2px solid CanvasText; }
  .sign, .chip, .letters { border: 2px solid CanvasText; }
  .ready::before { forced-color-adjust: none; }
  .bar { background: Highlight; }
  .foot .tool[aria-pressed="false"]::after { background: CanvasText; }
  .answer.no .large, .answer.yes .large { text-decoration: underline; }
}
@media print { .card, video { visibility: hidden !important; } }
`;
