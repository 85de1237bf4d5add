import { record } from './record.ts';
import { sdkVersion } from './release.ts';

// Run by `npm run release:record`, after a release.
await record(sdkVersion());
