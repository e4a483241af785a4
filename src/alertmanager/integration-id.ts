const MAX_LENGTH = 64;

/** An id out of the names of a receiver and a kind: `team-x-slack`, `team-x-slack-2`. Letters that ids can't have become `-`. */
export function integrationId(receiver: string, kind: string, isTaken: (id: string) => boolean): string {
  const name = receiver
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replace(/[^A-Za-z0-9._]+/g, '-')
    .replace(/^[^A-Za-z0-9]+|-+$/g, '');
  for (let count = 1; ; count++) {
    const ending = count === 1 ? `-${kind}` : `-${kind}-${count}`;
    const id = (name || 'receiver').slice(0, MAX_LENGTH - ending.length) + ending;
    if (!isTaken(id)) return id;
  }
}
