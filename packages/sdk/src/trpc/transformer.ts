import { transformer as serverTransformer } from '@portico/api';
import type { SuperJSON } from 'superjson';

/**
 * How values travel: SuperJSON, with bytes and typed arrays as base64. For links of your own:
 *
 * @example
 * httpBatchStreamLink({ url: 'http://localhost:8000/trpc', transformer, maxItems: 16 });
 */
export const transformer: SuperJSON = serverTransformer;
