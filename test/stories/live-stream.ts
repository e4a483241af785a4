export interface Change {
  readonly seq: number;
  readonly kind: string;
  readonly id: string;
  readonly status: string;
}

/** Listens to the live stream and keeps what it says. */
export async function listen(url: string, query = '') {
  const changes: Change[] = [];
  const socket = new WebSocket(`${url.replace('http', 'ws')}/api/v1/stream${query}`);
  socket.addEventListener('message', ({ data }) => {
    changes.push(...((JSON.parse(data as string) as { changes?: Change[] }).changes ?? []));
  });
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', () => resolve());
    socket.addEventListener('error', () => reject(new Error('the stream refused')));
  });
  return { changes, [Symbol.dispose]: () => socket.close() };
}
