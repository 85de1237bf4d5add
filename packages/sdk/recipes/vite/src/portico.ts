import { createPortico } from '@portico/sdk';

export const portico = createPortico({ url: '/portico', timeoutMs: 60_000 });
