import type { Random } from './random.ts';

const contentTypes = [
  '',
  ' ',
  ';',
  'application/json',
  'APPLICATION/JSON',
  'application/json; charset=utf-16',
  'application/json;charset=shift_jis',
  'application/json, text/plain',
  'application/vnd.api+json',
  'text/json',
  'multipart/form-data',
  'multipart/form-data; boundary=',
  `multipart/form-data; boundary=${'b'.repeat(200)}`,
  'multipart/form-data; boundary="a b"',
  'multipart/mixed; boundary=x',
  'image/png',
  'image/jpeg; q=1',
  'image/*',
  'audio/wav',
  'application/x-www-form-urlencoded',
  'application/octet-stream',
  'image',
  'a/b/c',
  '\u00e9/\u00ff',
  'image/png; a="',
  '__proto__',
  'text/event-stream',
  'application/grpc',
  `x/${'y'.repeat(5_000)}`,
];

/** Headers to add, or to put in place of a request's own. */
export function oddHeader(random: Random): readonly [string, string] {
  return random.weighted<readonly [string, string]>([
    [6, ['content-type', random.pick(contentTypes)]],
    [
      2,
      [
        'accept',
        random.pick([
          '',
          '*',
          '*/*;q=0',
          'image/png',
          'text/event-stream',
          'text/html',
          ',,,',
          'a/b;q=x',
          '*/*;q=1e9',
          'x'.repeat(3_000),
        ]),
      ],
    ],
    [
      2,
      [
        'content-encoding',
        random.pick(['gzip', 'br', 'identity', 'deflate', 'gzip, gzip', 'x-gzip', '', 'zstd', 'none']),
      ],
    ],
    [1, ['accept-encoding', random.pick(['gzip', '*', 'identity;q=0', '*;q=0', 'gzip;q=nan', 'br'])]],
    [
      3,
      [
        'x-timeout-seconds',
        random.pick([
          '0',
          '-1',
          '1e3',
          '5e-324',
          '0.000000001',
          'NaN',
          'Infinity',
          '',
          '9'.repeat(400),
          '1, 2',
          '0x1',
          '١',
          '1 s',
          '0.01',
        ]),
      ],
    ],
    [
      2,
      [
        'x-request-id',
        random.pick([
          'a',
          'a b',
          'a\tb',
          '"<script>',
          'x'.repeat(129),
          '',
          '%0d%0aset-cookie:x',
          '\u00e9',
          '../..',
          '{}',
          'a,b',
        ]),
      ],
    ],
    [
      2,
      [
        'inference-header-content-length',
        random.pick(['0', '-1', '5', '99999999999', '1e3', '', 'x', '10, 10', '0x5']),
      ],
    ],
    [
      1,
      [
        'traceparent',
        random.pick(['', '00-0-0-0', `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`, 'ff'.repeat(3_000), '00-zz']),
      ],
    ],
    [1, ['authorization', random.pick(['Bearer ', 'Bearer x', 'Basic Og==', '', 'bearer', 'x'.repeat(8_000)])]],
    [
      2,
      [
        'origin',
        random.pick([
          'null',
          'http://a',
          'http://a, http://b',
          '',
          'file://',
          '*',
          '\u00ff',
          'http://[',
          'x'.repeat(4_000),
        ]),
      ],
    ],
    [1, ['access-control-request-method', random.pick(['POST', 'QUERY', '', 'a b', '*'])]],
    [1, ['access-control-request-headers', random.pick(['x', '*', '', ',,', 'a b', 'x,'.repeat(1_000)])]],
    [1, ['host', random.pick(['', 'a b', '[::1', 'a:99999', '1.2.3.4.5', 'a/b', 'u@h', '\u00ff', 'x'.repeat(4_000)])]],
    [1, ['range', random.pick(['bytes=0-', 'bytes=9-1', 'bytes=-0', 'bytes=0-0,1-1,2-2', 'x', 'bytes=99999999-'])]],
    [
      1,
      [
        random.pick(['if-match', 'if-none-match', 'if-modified-since', 'if-range']),
        random.pick(['*', '"x"', 'W/"x"', 'Mon, 01 Jan 1990 00:00:00 GMT', 'x']),
      ],
    ],
    [
      1,
      [
        random.pick([
          'x-forwarded-for',
          'forwarded',
          'x-forwarded-host',
          'x-forwarded-prefix',
          'x-http-method-override',
        ]),
        random.pick(['1.2.3.4', '::1', '', '//evil', '../', 'DELETE', 'x'.repeat(2_000)]),
      ],
    ],
    [
      1,
      [
        random.pick(['cookie', 'te', 'trailer', 'via', 'keep-alive', 'proxy-connection', 'max-forwards', 'prefer']),
        random.pick(['', 'trailers', 'a=b', 'timeout=0', '0', 'respond-async', '\u0080\u00ff']),
      ],
    ],
    [
      1,
      [
        random.pick(['connection']),
        random.pick(['close', 'keep-alive', 'upgrade', 'close, keep-alive', 'content-length', '']),
      ],
    ],
    [1, [`x-${'n'.repeat(random.between(1, 200))}`, 'v'.repeat(random.pick([1, 1_000, 14_000, 20_000]))]],
  ]);
}

export const manyHeaders = (random: Random): (readonly [string, string])[] =>
  Array.from({ length: random.pick([20, 120, 1_500]) }, (_, index) => [`x-${index}`, 'v'] as const);
