import type { Outcomes } from './clients.ts';
import type { Footprint } from './footprint.ts';
import type { Finding } from './row.ts';

const header = [
  'Fault, and its command',
  'What clients of the struck model saw',
  'Fault to next 200',
  'The other model',
  'PSS, MiB',
  'Descriptors',
  'Child processes',
];

/** The findings as a table in Markdown. */
export function table(findings: readonly Finding[]): string {
  const rows = findings.map((finding) => [
    `\`row '${finding.name}'\``,
    clientsWords(finding),
    `${Math.round(finding.recoveryMs)} ms`,
    `${outcomesWords(finding.other)}; slowest ${Math.round(finding.otherSlowestMs)} ms`,
    ...(['mebibytes', 'descriptors', 'children'] as const).map((key) => change(finding, key)),
  ]);
  return [header, header.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

const clientsWords = ({ clients, culprit }: Finding): string =>
  Object.keys(culprit).length === 0
    ? outcomesWords(clients)
    : `${outcomesWords(clients)}; the cause itself: ${outcomesWords(culprit)}`;

const outcomesWords = (outcomes: Outcomes): string =>
  Object.entries(outcomes)
    .sort(([one], [other]) => one.localeCompare(other))
    .map(([outcome, count]) => `${outcome} × ${count}`)
    .join(', ');

const change = ({ before, after }: Finding, key: keyof Footprint): string => `${before[key]} → ${after[key]}`;
