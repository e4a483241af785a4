import { openConnection } from './connection.ts';
import { webhookRequest, type Statement, type Target } from './statement.ts';

/** How often a refused statement is sent again before the run is given up. */
const MAX_TRIES = 50;
const RETRY_MS = 100;

/**
 * Sends one request per item of `signals`, each on the first connection that is free, and resolves with the receipts when all are
 * acknowledged. Items of one `lane` go in order, the next when the last was acknowledged. What is refused is sent again.
 */
export async function sendLanes(
  target: Target,
  lanes: readonly Iterable<readonly Statement[]>[],
  onReceipt: (receipt: string) => void = () => {},
): Promise<{ readonly acknowledged: number; readonly refused: number }> {
  let acknowledged = 0;
  let refused = 0;
  await Promise.all(
    lanes.map(async (lane) => {
      const connection = await openConnection(target.port);
      for (const statements of lane) {
        const request = webhookRequest(target, statements);
        for (let tries = 1; ; tries++) {
          const { status, body } = await connection.send(request);
          if (status === 202) {
            acknowledged++;
            onReceipt((JSON.parse(body) as { receipt: string }).receipt);
            break;
          }
          refused++;
          if (tries === MAX_TRIES)
            throw new Error(`refused ${MAX_TRIES} times, last with ${status}: ${body}`);
          await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
        }
      }
      connection.close();
    }),
  );
  return { acknowledged, refused };
}

/** Deals items out to lanes like cards. */
export function deal<T>(items: readonly T[], lanes: number): T[][] {
  return Array.from({ length: lanes }, (_, lane) => items.filter((_item, index) => index % lanes === lane));
}
