import { basename } from 'node:path';
import { shellWord } from '../choices.ts';
import { type ModelToAdd, samplePath } from '../model-to-add.ts';
import { markdown, markdownCode } from '../quote.ts';
import { checklist } from './checklist.ts';
import { reference } from './reference.ts';

/** CLAUDE.md of a project: all that a person or an assistant needs to write a right wrapper, beside the model's own documentation. */
export function instructions(model: ModelToAdd): string {
  const { names, generated, onnxName, preset, target, weights } = model;
  const { task } = names;
  const sample = shellWord(samplePath(model));
  const network = shellWord(weights[0]?.path ?? '');
  return `# ${basename(target.packageFolder)}: how this service is laid out and how to work on it

It serves ${markdownCode(onnxName)} with Portico: from one contract come the route \`POST /${task}\`, the tRPC procedure, the typed client, OpenAPI, metrics
and probes. The HTTP process never loads a model: each model runs in engines, processes of their own, which have deadlines and restart by themselves.
\`portico new\` made the project with the preset \`${preset}\`; all of it is yours to change.

\`\`\`text
main.ts              starts the server
models.ts            every model; one line registers one
client.ts            a typed client: npm run client -- FILE
${`${task}/`.padEnd(20)} a model, a folder each:
  contract.ts        what the task accepts and returns. Zod and @portico/schemas only: clients import it
  index.ts           what the HTTP process knows: data, where weights and code are. It never imports model.ts
  model.ts           loads and runs the network, in engines only
  signature.ts       the tensors of the graph, generated; the compiler checks session.run against it
  model.test.ts      the real file on the sample
  weights/           the ONNX file
\`\`\`

\`\`\`sh
npm run dev                                  # serve the sources; engines reload when a file changes
npm run try -- ${task} ${sample} --tensors    # one input in a real engine, without HTTP
npm test                                     # tests, against the real file
npm run lint                                 # oxlint, and types
npm run format
npm start                                    # compile, serve on port 8000
npx portico inspect ${network}
npx portico new NAME other.onnx              # add a model
\`\`\`

Relative imports carry \`.ts\`. Node 20.19 or newer; \`dev\`, \`try\` and tests run TypeScript through tsx, \`start\` and the image run compiled JavaScript.

## What this model does

${generated.explains.map((line) => `- ${markdown(line)}`).join('\n')}

Lines in the code that begin with \`Assumed\` are guesses that nobody has confirmed: compare them with the model's documentation first.

${checklist({ task, weights: network, sample })}

${reference}
`;
}
