import { type ModelToAdd, samplePath } from '../model-to-add.ts';
import { shellWord } from '../choices.ts';
import { markdown, markdownCode } from '../quote.ts';
import { basename } from 'node:path';

/** README.md of a project: what it serves, and how it is run, asked, changed and shipped. */
export function readme(model: ModelToAdd): string {
  const { names, file, onnxName, generated, target } = model;
  const project = basename(target.packageFolder);
  const sample = shellWord(samplePath(model));
  const curl =
    'file' in generated.sample
      ? `curl -F file=@${sample} http://localhost:8000/${names.task}`
      : `echo "{\\"input\\": $(cat ${sample})}" | curl -H 'content-type: application/json' -d @- http://localhost:8000/${names.task}`;
  return `# ${project}

A service around ${markdownCode(onnxName)}: \`POST /${names.task}\` over REST, \`${names.task}.infer\` over tRPC, a typed client, OpenAPI, metrics and
probes, with Portico.

\`\`\`sh
npm install
npm start                     # compiles, then serves on port 8000; PORT changes it

# in a second terminal
${curl}
npm run client -- ${sample}
\`\`\`

\`http://localhost:8000/docs\` documents every route, \`/ready\` says whether the model is loaded, \`/health\` whether the process lives,
\`/metrics\` counts. It needs Node 20.19 or newer.

## What the model does

${generated.explains.map((line) => `- ${markdown(line)}`).join('\n')}

| | tensor | type | shape |
| --- | --- | --- | --- |
${tensorRows('input', file.inputs)}
${tensorRows('output', file.outputs)}

## Work on it

\`\`\`sh
npm run dev                   # serves the sources, reloads engines when they change
npm run try -- ${names.task} ${sample} --tensors --watch
npm test                      # the real file on the sample
npm run lint && npm run format
npx portico new other other.onnx   # adds a second model
\`\`\`

\`CLAUDE.md\` says how the project is laid out, what each part may do, and how a wrapper is made right.

## Ship it

\`\`\`sh
docker build -t ${project}:0.1.0 .
docker run --rm -p 8000:8000 ${project}:0.1.0
kubectl apply -f kubernetes.yaml
\`\`\`

Weights are in the image: \`${names.task}/weights\`. For large files, keep them elsewhere and write \`download(url, sha256)\` in
\`${names.task}/index.ts\` in place of \`localFile\`. The environment configures the rest: \`PORT\`, \`MAX_UPLOAD_MB\`,
\`INFER_TIMEOUT_SECONDS\`, \`API_KEYS\`, \`DEVICE\`, \`LOG_LEVEL\` and others; a wrong value stops the start with a sentence.

Which licence do the weights have? Write it here.
`;
}

const tensorRows = (kind: string, tensors: ModelToAdd['file']['inputs']): string =>
  tensors
    .map(({ name, type, shape }) => {
      const axes = shape === undefined ? 'any' : shape.map((length) => length ?? '?').join(' × ');
      return `| ${kind} | ${markdownCode(name)} | ${markdown(type)} | ${axes === '' ? 'a scalar' : markdown(axes)} |`;
    })
    .join('\n');
