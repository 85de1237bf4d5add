const mostTokens = 10;
const tokensForSuccess = 0.1;

/**
 * Keeps clients from asking a failing server several times as often as a healthy one: each further try costs a token, each
 * success brings a tenth of one back. After https://github.com/grpc/proposal/blob/master/A6-client-retries.md, "Throttling".
 */
export class RetryBudget {
  #tokens = mostTokens;

  /** Takes what one further try costs; whether there was enough. */
  take(): boolean {
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }

  succeeded(): void {
    this.#tokens = Math.min(mostTokens, this.#tokens + tokensForSuccess);
  }
}
