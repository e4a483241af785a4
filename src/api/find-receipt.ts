import type { Journal } from '../journal/port.ts';
import { parseReceipt } from '../model/receipt.ts';
import type { StoreReader } from '../store/reader.ts';
import { Problem } from './problem.ts';
import { presentAccepted, presentReceipt, type ReceiptView } from './views/present-receipt.ts';

/**
 * What became of a signal (BR-WH-015). The positions are read before the row, because both change in one commit: a record
 * below the position without a row has been forgotten, not overlooked.
 */
export async function findReceipt(text: string, reader: StoreReader, journal: Journal): Promise<ReceiptView> {
  const receipt = parseReceipt(text);
  if (!receipt) throw unknownReceipt();
  const { signal, position } = receipt;
  const positions = await reader.positions();
  const row = await reader.receipt(signal);
  if (row) return presentReceipt(text, row);
  // An installation that moved to another journal keeps the rows; their positions speak of the former one.
  if (position.partition >= journal.partitions) throw unknownReceipt();

  const processed = positions.find(({ partition }) => partition === position.partition)?.offset ?? 0;
  if (position.offset < processed) {
    throw new Problem('receipt_expired', 'The signal was processed; what became of it is no longer kept.');
  }
  const [record] = await journal.read(position.partition, position.offset, 1);
  if (record?.offset !== position.offset || signalOf(record.value) !== signal) throw unknownReceipt();
  return presentAccepted(text);
}

function unknownReceipt(): Problem {
  return new Problem('not_found', 'This hub did not hand out such a receipt.');
}

/** The id of the signal that a record belongs to, without trusting that the record is one we can read. */
function signalOf(value: string): unknown {
  try {
    const body = JSON.parse(value) as { meta?: { signal?: unknown } } | null;
    return body?.meta?.signal;
  } catch {
    return undefined;
  }
}
