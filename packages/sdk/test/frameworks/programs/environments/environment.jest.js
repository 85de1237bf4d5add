const { callEverything } = require('./call-everything');

const { streams = true, ...place } = JSON.parse(process.env.PLACE);

test('everything works', async () => {
  const wrong = await callEverything(place);
  if (!streams) {
    // The only thing that a fetch over XMLHttpRequest cannot do, which is said in words.
    expect(wrong['a stream']).toContain('This fetch cannot read a stream');
    delete wrong['a stream'];
  }
  expect(wrong).toEqual({});
});
