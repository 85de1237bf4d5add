import { env } from '$env/dynamic/private';
import { createPortico } from '@portico/sdk';

export const { PORTICO_URL = 'http://localhost:8000', PORTICO_KEY } = env;

export const portico = createPortico({ url: PORTICO_URL, apiKey: PORTICO_KEY, timeoutMs: 60_000 });
