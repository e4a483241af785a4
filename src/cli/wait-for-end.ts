import type { App } from '../app.ts';

/** Undefined when somebody asks to stop, once or, through a starter that forwards it, twice; the reason when the state's thread dies. */
export function waitForEnd(app: Pick<App, 'died'>): Promise<string | undefined> {
  return new Promise((resolve) => {
    process.on('SIGTERM', () => resolve(undefined));
    process.on('SIGINT', () => resolve(undefined));
    void app.died.then(resolve);
  });
}
