const { createPortico } = require('@portico/sdk');

module.exports = { portico: createPortico({ url: 'http://localhost:8000' }) };
