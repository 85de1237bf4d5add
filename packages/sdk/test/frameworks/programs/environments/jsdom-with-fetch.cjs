const { TestEnvironment } = require('jest-environment-jsdom');

/** jsdom as many projects have it: Node's fetch put into it, and all else left to jsdom. */
module.exports = class extends TestEnvironment {
  constructor(...words) {
    super(...words);
    Object.assign(this.global, { fetch, Headers, Request, Response });
  }
};
