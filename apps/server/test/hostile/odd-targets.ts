import type { Random } from './random.ts';

const methods = [
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'DELETE',
  'PATCH',
  'OPTIONS',
  'TRACE',
  'CONNECT',
  'QUERY',
  'PROPFIND',
  'MKCOL',
  'PURGE',
  'LINK',
];
const wrongMethods = ['get', 'Post', 'G', 'FOO', 'PRI', 'A'.repeat(300), 'GE\tT'];
export const oddMethod = (random: Random): string => random.pick(random.chance(0.85) ? methods : wrongMethods);

/** A target made out of another. */
export function oddTarget(random: Random, target: string): string {
  const [path = '', query] = target.split('?', 2);
  const at = random.below(path.length + 1);
  const insert = (text: string): string =>
    `${path.slice(0, at)}${text}${path.slice(at)}${query === undefined ? '' : `?${query}`}`;
  return random.weighted([
    [
      4,
      () =>
        insert(
          random.pick([
            '/',
            '//',
            '/./',
            '/../',
            '%2e%2e/',
            '%2f',
            '%00',
            '%',
            '%zz',
            '%c0%ae',
            String.raw`\..`,
            ';a=b',
            '%20',
            '#',
            ':',
            '*',
            '%ff',
            '%u0041',
            ',',
            '.',
          ]),
        ),
    ],
    [1, () => insert('a'.repeat(random.pick([200, 6_000, 12_000])))],
    [1, () => target.toUpperCase()],
    [1, () => `${path.slice(0, at)}?${query ?? ''}`],
    [
      2,
      () =>
        random.pick([
          '*',
          '/',
          '//',
          '/..',
          '/.well-known/x',
          '/docs/static/../../package.json',
          '/docs/static/.env',
          '/v1/models',
          '/favicon.ico',
          '/trpc',
          '/trpc/',
          '/trpc/,',
          '/trpc/,,,?batch=1',
          '/v2/models//infer',
          '/v2/models/echo/versions/0/infer',
          '/v2/models/__proto__',
          '/trpc/__proto__',
          '/trpc/dense.infer.infer',
          '/dense/batch',
          '/mcp',
          '/ping',
          '/nowhere',
        ]),
    ],
    [
      1,
      () =>
        `${random.pick(['http://elsewhere', 'http://u:p@h:1', 'https://[::1]', 'ftp://x', 'http:', 'javascript:'])}${target}`,
    ],
    [
      3,
      () =>
        `${path}?${random.pick(['batch=1', 'batch=1&batch=1', 'input=', 'input=%7B', 'input=%22x%22', 'side=1&side=2', 'side=1e999', 'side=NaN', '__proto__=1', 'a[b][c]=1', '%zz=1', '&&&', '='.repeat(2_000), 'x='.concat('y'.repeat(9_000)), 'words=maybe', 'threshold=+0.5', 'toString=1', 'minConfidence='])}`,
    ],
    [1, () => `${path}?${Array.from({ length: random.pick([10, 1_000]) }, (_, index) => `p${index}=1`).join('&')}`],
  ])();
}
