// A thread that does nothing but compare passwords with hashes of bcrypt, one after the other, which takes it a tenth of a second or more.
import { parentPort } from 'node:worker_threads';
import { compareSync } from 'bcryptjs';

export interface PasswordQuestion {
  readonly id: number;
  readonly hash: string;
  readonly password: string;
}

export interface PasswordAnswer {
  readonly id: number;
  readonly isRight: boolean;
}

parentPort!.on('message', ({ id, hash, password }: PasswordQuestion) => {
  parentPort!.postMessage({ id, isRight: compareSync(password, hash) } satisfies PasswordAnswer);
});
