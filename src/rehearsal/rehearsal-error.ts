/** A rehearsal that can't be done, with what to do about it. `invalid`: it was asked wrongly; `refused`: what was tried would be refused. */
export class RehearsalError extends Error {
  readonly code: 'invalid' | 'refused';

  constructor(code: 'invalid' | 'refused', message: string) {
    super(message);
    this.name = 'RehearsalError';
    this.code = code;
  }
}
