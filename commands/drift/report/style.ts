/** The page's whole style: the reader's own fonts, dark and light by their setting, narrow screens first. */
export const style = `
:root { color-scheme: light dark; --text: #1b1f24; --soft: #57606a; --back: #ffffff; --panel: #f3f5f7; --line: #8c959f;
  --fine: #116329; --bad: #a40e26; --warn: #7d4e00; --cool: #0a4fa8; --grave: #8112a0; }
@media (prefers-color-scheme: dark) { :root { --text: #e6edf3; --soft: #a7b0ba; --back: #0d1117; --panel: #1b222b;
  --line: #6e7781; --fine: #56d364; --bad: #ff8f88; --warn: #e3b341; --cool: #7cb9ff; --grave: #e0a6ff; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 70rem; padding: 1rem; font: 1rem/1.5 system-ui, sans-serif; color: var(--text);
  background: var(--back); overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; margin: 0; } h2 { font-size: 1.2rem; margin: 2rem 0 .5rem; }
.skip { position: absolute; left: -999rem; color: var(--cool); } .skip:focus { position: static; }
:focus-visible { outline: 3px solid var(--cool); outline-offset: 2px; }
.verdict { font-weight: 600; margin: .25rem 0; } .verdict.fine { color: var(--fine); } .verdict.bad { color: var(--bad); }
.wide { overflow-x: auto; border: 1px solid var(--line); border-radius: .4rem; }
table { border-collapse: collapse; width: 100%; } th, td { padding: .4rem .6rem; text-align: left; white-space: nowrap; }
thead th { background: var(--panel); } .matrix thead th { white-space: normal; overflow-wrap: normal; } tbody tr + tr > * { border-top: 1px solid var(--line); }
th[scope=row] { font-weight: 500; } small { color: var(--soft); font-weight: 400; }
.legend { display: flex; flex-wrap: wrap; gap: .25rem 1rem; padding: 0; list-style: none; font-size: .9rem; }
td span[aria-hidden] { font-weight: 700; margin-right: .4rem; } .word { font-size: .85rem; }
.declared { color: var(--fine); } .drift, .missing { color: var(--bad); } .extra { color: var(--warn); }
.none, .unseen { color: var(--soft); }
/* Most cells: the sign is enough for eyes, the legend has its words, and a screen reader still reads them. */
.matrix td.none .word { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; }
details { background: var(--panel); border: 1px solid var(--line); border-radius: .4rem; padding: .5rem .75rem;
  margin: .5rem 0; }
summary { cursor: pointer; padding: .25rem 0; }
.severity { display: inline-block; min-width: 4.5rem; font-weight: 700; } .severity.critical { color: var(--grave); }
.severity.high { color: var(--bad); } .severity.medium { color: var(--warn); } .severity.low { color: var(--cool); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem .75rem; margin: .5rem 0; }
dt { color: var(--soft); } dd { margin: 0; }
pre { margin: .25rem 0; padding: .5rem; background: var(--back); border: 1px solid var(--line); border-radius: .3rem;
  white-space: pre-wrap; user-select: all; }
.bar { width: 6rem; height: .5rem; vertical-align: middle; } .bar rect { fill: var(--bad); }
@media (max-width: 40rem) {
  .matrix, .matrix tbody, .matrix tr, .matrix th[scope=row], .matrix td { display: block; }
  .matrix thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .matrix tr { padding: .4rem 0; } .matrix tbody tr + tr { border-top: 1px solid var(--line); }
  .matrix tbody tr > * { border: 0; padding: .1rem .6rem; white-space: normal; }
  .matrix td { display: grid; grid-template-columns: 9rem 1.5rem 1fr; }
  .matrix td::before { content: attr(data-column); color: var(--soft); font-size: .85rem; } .matrix td.none { display: none; }
  .bar { display: none; } .wide th, .wide td { padding: .3rem .4rem; font-size: .9rem; } .wide th { white-space: normal; }
}
@media print { details { break-inside: avoid; } .wide { overflow: visible; } }
`;
