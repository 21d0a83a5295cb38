import { html, raw } from 'hono/html';
import { marks } from '../../exam/mark.ts';
import type { ScoreCard } from '../../exam/score-card.ts';
import { escapeControls } from '../../text/escape.ts';
import { formatDuration } from '../../time/duration.ts';
import { mannersLine } from './terminal.ts';

const style = `
:root { color-scheme: light dark; --line: #8884; --good: #1a7f37; --bad: #cf222e; --warn: #9a6700; }
@media (prefers-color-scheme: dark) { :root { --good: #3fb950; --bad: #ff7b72; --warn: #d29922; } }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
ul { display: flex; flex-wrap: wrap; gap: 1.5rem; padding: 0; list-style: none; }
li b { display: block; font-size: 1.6rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .4rem .6rem; border-top: 1px solid var(--line); overflow-wrap: anywhere; }
td.said { font-family: ui-monospace, monospace; font-size: .85rem; max-width: 26rem; }
.right { color: var(--good); } .harmless { color: var(--warn); }
.wrong, .dangerous, .hung, .crashed { color: var(--bad); } .dangerous { font-weight: bold; }
`;

/** The score card as one page that needs nothing else. Whatever the validator said is text, never markup. */
export function examHtml(card: ScoreCard): string {
  const { validator, counts, manners, took, answers } = card;
  const rows = answers.map(
    ({ exam, question, mark, verdict, said, took: ms }) => html`<tr>
<td class="${mark}">${mark}</td>
<td>${exam.exam}<br><small>${exam.name}</small></td>
<td><bdi>${escapeControls(question.address)}</bdi></td>
<td>${question.verdict.join(' or ')}</td>
<td>${verdict ?? 'nothing'}</td>
<td class="said"><bdi>${escapeControls(said)}</bdi></td>
<td>${formatDuration(ms)}</td>
</tr>`,
  );
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Exam of ${escapeControls(validator)}</title>
<style>${raw(style)}</style>
</head>
<body>
<main>
<h1>Exam of <bdi>${escapeControls(validator)}</bdi></h1>
<ul>${marks.map((mark) => html`<li class="${mark}"><b>${counts[mark]}</b> ${mark}</li>`)}</ul>
<p>${answers.length} questions, ${formatDuration(took)} of asking. ${mannersLine(manners)}.</p>
<div class="scroll" tabindex="0" role="region" aria-label="Answers">
<table>
<thead><tr><th scope="col">Mark</th><th scope="col">Case</th><th scope="col">Address</th><th scope="col">Right</th><th scope="col">Verdict</th><th scope="col">Said</th><th scope="col">Time</th></tr></thead>
<tbody>${rows}</tbody>
</table>
</div>
</main>
</body>
</html>
`;
  return String(page);
}
