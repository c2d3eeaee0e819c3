"""The looks of a backtest's page: one column, wide tables scroll inside their own box."""

CSS = """\
:root { color-scheme: light; --ink: #1c2430; --soft: #667080; --line: #e3e7ed; --blue: #1f5fbf; }
* { box-sizing: border-box; }
body { margin: 0; background: #f4f6f9; color: var(--ink); line-height: 1.5;
  font-family: system-ui, "Noto Sans KR", "Apple SD Gothic Neo", "NanumGothic", sans-serif;
  word-break: keep-all; -webkit-text-size-adjust: 100%; }
main { max-width: 860px; margin: 0 auto; padding: 16px 12px 40px; }
h1 { font-size: 1.35rem; line-height: 1.3; margin: 4px 4px 2px; }
h2 { font-size: 1.05rem; margin: 0 0 8px; }
.period { color: var(--soft); margin: 0 4px 14px; font-size: .9rem; }
section { background: #fff; border: 1px solid var(--line); border-radius: 10px;
  padding: 14px 12px; margin: 0 0 12px; }
.key { display: grid; grid-template-columns: repeat(auto-fit, minmax(132px, 1fr)); gap: 8px;
  margin: 0 0 12px; }
.key div { background: #fff; border: 1px solid var(--line); border-radius: 10px;
  padding: 10px 12px; }
.key dt { color: var(--soft); font-size: .8rem; }
.key dd { margin: 2px 0 0; font-size: 1.05rem; font-weight: 650; overflow-wrap: anywhere; }
.scroll { overflow-x: auto; -webkit-overflow-scrolling: touch; }
table { border-collapse: collapse; width: 100%; font-size: .86rem;
  font-variant-numeric: tabular-nums; }
th, td { padding: 6px 8px; text-align: right; white-space: nowrap;
  border-bottom: 1px solid var(--line); }
th { color: var(--soft); font-weight: 600; white-space: normal; vertical-align: bottom; }
th:first-child, td:first-child { text-align: left; }
table.pairs td { white-space: normal; }
table.comparison td:first-child { white-space: normal; min-width: 5.6em; }
table.pairs td:first-child { color: var(--soft); width: 42%; }
tr.loss td { color: #b3261e; }
figure { margin: 0; }
figure + figure { margin-top: 14px; }
figcaption { color: var(--soft); font-size: .85rem; margin: 0 2px 4px; }
img { display: block; width: 100%; height: auto; }
summary { cursor: pointer; color: var(--blue); padding: 6px 2px; }
ul { margin: 0; padding-left: 1.1em; font-size: .88rem; }
li { margin: 0 0 6px; }
footer { color: var(--soft); font-size: .75rem; padding: 0 4px; overflow-wrap: anywhere; }
"""
