// `npm run hostile -- --seed 7 --count 20000 [--from 0] [--minutes 30] [--concurrency 24] [--url http://host:port]`: bad requests to
// every door, against a server of its own, or one that is running, of which only the answers are judged.
import { parseArgs } from 'node:util';
import { readMedia } from './media.ts';
import { type Finding, sendHostile } from './senders.ts';
import { describeStorm, storm } from './storm.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    from: { type: 'string', default: '0' },
    count: { type: 'string', default: '20000' },
    minutes: { type: 'string', default: '0' },
    concurrency: { type: 'string', default: '24' },
    url: { type: 'string' },
  },
});
const [seed = 0, from = 0, count = 0, minutes = 0, concurrency = 0] = [
  values.seed,
  values.from,
  values.count,
  values.minutes,
  values.concurrency,
].map(Number);
print(`seed ${seed}`);
const onFinding = ({ what, how }: Finding): void => print(`- ${what}\n    ${how}`);
const sending = { seed, from, count, minutes, concurrency, onFinding };

if (values.url === undefined) {
  const report = await storm(sending);
  print(describeStorm(report));
  process.exitCode = report.findings.length > 0 ? 1 : 0;
} else {
  const { hostname, port } = new URL(values.url);
  const sent = await sendHostile({ host: hostname, port: Number(port || 80) }, await readMedia(), sending);
  print(`${sent.count} bad requests: ${JSON.stringify(sent.statuses)}, ${sent.findings.length} findings`);
  process.exitCode = sent.findings.length > 0 ? 1 : 0;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
