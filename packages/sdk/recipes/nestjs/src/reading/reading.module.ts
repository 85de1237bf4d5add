import { Module } from '@nestjs/common';
import { createPortico } from '@portico/sdk';
import { ReadingController } from './reading.controller.js';
import { PORTICO } from './portico.js';

@Module({
  controllers: [ReadingController],
  providers: [
    {
      provide: PORTICO,
      useFactory: () => {
        const { PORTICO_URL = 'http://localhost:8000', PORTICO_KEY } = process.env;
        return createPortico({ url: PORTICO_URL, apiKey: PORTICO_KEY, timeoutMs: 30_000 });
      },
    },
  ],
  exports: [PORTICO],
})
export class ReadingModule {}
