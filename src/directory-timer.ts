import {
  createDirectoryBook,
  type DirectoryBook,
  type DirectoryContext,
} from './directory/keep-directory.ts';

/** How often it is looked whether it is time to read the directory again. */
const LOOK_EVERY_MS = 5_000;

/** Reads the directory in the background on nodes that process or answer, each for itself: it is asked so rarely that sharing would cost more. */
export function startDirectory(context: DirectoryContext): DirectoryBook {
  const book = createDirectoryBook(context);
  const isWanted = (): boolean =>
    context.settings().server.roles.some((role) => role === 'process' || role === 'api');
  const look = (): void => {
    if (isWanted()) void book.tick();
  };
  look();
  const timer = setInterval(look, LOOK_EVERY_MS);
  return {
    ...book,
    close() {
      clearInterval(timer);
      book.close();
    },
  };
}
