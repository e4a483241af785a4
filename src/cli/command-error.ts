/** Ends a command with a message for people and an exit code: 1 it failed, 2 it was called or configured wrongly. */
export class CommandError extends Error {
  readonly exitCode: 1 | 2;

  constructor(kind: 'failed' | 'usage', message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'CommandError';
    this.exitCode = kind === 'usage' ? 2 : 1;
  }
}
