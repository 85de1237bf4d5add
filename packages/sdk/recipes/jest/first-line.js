const { portico } = require('./portico');

/** The first line of text in a picture, if it has one. */
module.exports.firstLine = async function firstLine(picture) {
  const { lines } = await portico.ocr(picture, { minConfidence: 0.6 });
  return lines[0]?.text;
};
