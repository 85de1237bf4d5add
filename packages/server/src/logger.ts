import { type DestinationStream, type Logger, pino } from 'pino';
import pretty from 'pino-pretty';

/** JSON lines for machines; on a terminal, lines for people. */
export function createLogger(level: string, terminal: boolean): Logger {
  const options = {
    level,
    base: null,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  return terminal ? pino(options, forPeople()) : pino(options);
}

const forPeople = (): DestinationStream =>
  pretty({
    colorize: true,
    singleLine: true,
    translateTime: 'SYS:HH:MM:ss.l',
    ignore: 'port,requestId,method,path,status,model,engine,device,reason,code',
  });
