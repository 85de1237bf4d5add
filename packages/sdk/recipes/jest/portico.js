const { createPortico } = require('@portico/sdk');

module.exports = { portico: createPortico({ url: process.env.PORTICO_URL ?? 'http://localhost:8000' }) };
