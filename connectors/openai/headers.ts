import type { OpenaiConfig } from './config.ts';

export function headersOf({ api_key }: OpenaiConfig): Readonly<Record<string, string>> {
  return {
    accept: 'application/json',
    ...(api_key === undefined ? {} : { authorization: `Bearer ${api_key}` }),
  };
}
