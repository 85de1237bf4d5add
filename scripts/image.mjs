// Builds an image without a Docker engine: `npm run image -- --target demo --tag portico-demo`. docs/containers.md says what for.
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { buildImage, imageBytes, podmanCommand, whyNoImages } from './image/container-tools.mjs';
import { standInForCuda, standInForNode } from './image/stand-in-base.mjs';

const root = join(import.meta.dirname, '..');
const dockerfile = join(root, 'Dockerfile');
const { values } = parseArgs({
  options: {
    target: { type: 'string', default: 'cpu' },
    tag: { type: 'string', default: 'portico' },
    context: { type: 'string', default: root },
    'build-arg': { type: 'string', multiple: true, default: [] },
  },
});

const reason = whyNoImages();
if (reason !== undefined) {
  console.error(`There is no image: ${reason}.`);
  process.exit(1);
}
const base = standInForNode(dockerfile);
if (values.target === 'cuda') standInForCuda(dockerfile);
await buildImage({
  file: dockerfile,
  context: resolve(values.context),
  target: values.target,
  tag: values.tag,
  args: Object.fromEntries(values['build-arg'].map((argument) => argument.split(/=(.*)/s, 2))),
});
const megabytes = Math.round((imageBytes(values.tag) - imageBytes(base)) / 1e6);
console.log(`${values.tag}: ${megabytes} MB over its base. ${podmanCommand} run --network host ${values.tag}`);
