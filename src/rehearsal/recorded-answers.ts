import type { Answer } from '../enrichment/look-up.ts';
import type { RecordedAnswers } from '../enrichment/record-answers.ts';
import type { Position } from '../model/position.ts';
import type { PreparedRow } from '../store/prepared-row.ts';
import type { StoreReader } from '../store/reader.ts';

/** What was known of a record when it was processed. */
export interface KnownThen {
  /** The answer to a question of those days; undefined: it was not asked, or its answer was not kept. */
  answer(question: string): Answer | undefined;
  /** Whether all that was asked was kept. */
  readonly isWhole: boolean;
}

export interface AnswerBook {
  /** Undefined: nothing was recorded, or it is forgotten. Of one partition positions ascend. */
  of(position: Position): Promise<KnownThen | undefined>;
}

export type AnswerSource = Pick<StoreReader, 'prepared' | 'answers'>;

const PAGE = 100;
/** Answers that are held at once, in characters of JSON. */
const MAX_CHARACTERS = 16 * 1024 * 1024;

interface Lane {
  rows: readonly PreparedRow[];
  index: number;
  /** Where the next page begins; undefined at the end. */
  next: number | undefined;
  known: { readonly row: PreparedRow; readonly facts: KnownThen } | undefined;
}

/** Reads what was recorded beside the inputs along with the records, page by page. */
export function openAnswerBook(source: AnswerSource): AnswerBook {
  const lanes = new Map<number, Lane>();
  const texts = createTextShelf(source);

  async function fill(lane: Lane, partition: number): Promise<void> {
    if (lane.index < lane.rows.length || lane.next === undefined) return;
    lane.rows = await source.prepared(partition, lane.next, PAGE);
    lane.index = 0;
    lane.next = lane.rows.length < PAGE ? undefined : lane.rows.at(-1)!.until;
  }

  return {
    async of({ partition, offset }) {
      let lane = lanes.get(partition);
      if (!lane) lanes.set(partition, (lane = { rows: [], index: 0, next: offset, known: undefined }));
      for (;;) {
        await fill(lane, partition);
        const row = lane.rows[lane.index];
        if (!row || row.from > offset) return undefined;
        if (row.until > offset) {
          if (lane.known?.row !== row) lane.known = { row, facts: await readRow(row, texts) };
          return lane.known.facts;
        }
        lane.index += 1;
      }
    },
  };
}

async function readRow({ what }: PreparedRow, texts: TextShelf): Promise<KnownThen> {
  const { questions, isCut } = JSON.parse(what) as RecordedAnswers;
  const answers = await texts.find([...new Set(Object.values(questions))]);
  const isComplete = Object.values(questions).every((digest) => answers.has(digest));
  return {
    answer: (question) => answers.get(questions[question] ?? ''),
    isWhole: isCut !== true && isComplete,
  };
}

interface TextShelf {
  /** By their digests; those that are forgotten are missing. */
  find(digests: readonly string[]): Promise<ReadonlyMap<string, Answer>>;
}

/** The same few answers come again and again. */
function createTextShelf(source: AnswerSource): TextShelf {
  // In the order of use, so that the first is the one that was used the longest ago.
  const shelf = new Map<string, { readonly answer: Answer; readonly characters: number }>();
  let characters = 0;
  return {
    async find(digests) {
      const missing = digests.filter((digest) => !shelf.has(digest));
      const found = missing.length === 0 ? [] : await source.answers(missing);
      const fresh = found.map(({ digest, text }) => [digest, text] as const);
      const answers = new Map(fresh.map(([digest, text]) => [digest, JSON.parse(text) as Answer]));
      for (const [digest, text] of fresh) {
        shelf.set(digest, { answer: answers.get(digest)!, characters: text.length });
        characters += text.length;
      }
      for (const digest of digests) {
        const kept = shelf.get(digest);
        if (!kept) continue;
        answers.set(digest, kept.answer);
        shelf.delete(digest);
        shelf.set(digest, kept);
      }
      for (const [digest, kept] of shelf) {
        if (characters <= MAX_CHARACTERS) break;
        shelf.delete(digest);
        characters -= kept.characters;
      }
      return answers;
    },
  };
}
