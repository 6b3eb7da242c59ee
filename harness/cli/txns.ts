import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type DataDirectory, openDataDirectory } from '../datadir/data-directory.ts';
import { transactionWords } from '../datadir/in-words.ts';
import { type LogEnd, type LogRecord, readLog } from '../datadir/log-file.ts';
import { formatZxid } from '../history/op.ts';
import { exitCodes } from '../rule/verdict.ts';

/** Prints what a server's logs hold, as text or as one JSON object a line. Only reads. */
export async function txnsCommand(given: string, options: { json?: boolean }): Promise<void> {
  const directory = openDataDirectory(given);
  const damages: string[] = [];
  const lines = linesOf(directory, options.json ? json : text, damages);
  try {
    await pipeline(Readable.from(lines), process.stdout, { end: false });
  } catch (error) {
    // Whoever reads along (`head`, say) has seen enough.
    if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error;
  }
  for (const damage of damages) process.stderr.write(`gauntlet: ${damage}\n`);
  if (damages.length > 0) process.exitCode = exitCodes.invalid;
}

interface Form {
  transaction(file: string, record: LogRecord): string;
  end(file: string, records: number, end: LogEnd): string;
  rest(directory: DataDirectory): string[];
}

function* linesOf(directory: DataDirectory, form: Form, damages: string[]): Generator<string> {
  for (const { name, path } of directory.logs) {
    const reading = readLog(path);
    let records = 0;
    let next = reading.next();
    for (; !next.done; next = reading.next()) {
      records++;
      yield `${form.transaction(name, next.value)}\n`;
    }
    yield `${form.end(name, records, next.value)}\n`;
    if (next.value.kind === 'damaged') damages.push(`${path}: ${endWords(next.value)}`);
  }
  for (const line of form.rest(directory)) yield `${line}\n`;
}

const text: Form = {
  transaction: (_, { transaction }) => transactionWords(transaction),
  end: (file, records, end) => `# ${file}: ${records} transactions, ${endWords(end)}`,
  rest: ({ snapshots, epochs, sid }) => [
    ...snapshots.map(({ name, bytes }) => `# ${name}: ${bytes} bytes`),
    ...Object.entries({ ...epochs, myid: sid }).flatMap(([name, value]) =>
      value === undefined ? [] : `# ${epochWords[name] ?? name}: ${value}`,
    ),
  ],
};

const epochWords: Record<string, string> = {
  accepted: 'accepted epoch',
  current: 'current epoch',
  next: 'epoch about to become current',
  updating: 'died while it changed its epoch',
};

const json: Form = {
  transaction: (file, { transaction, digest }) =>
    JSON.stringify({ file, ...transaction, zxid: formatZxid(transaction.zxid), ...(digest && { digest }) }),
  end: (file, records, end) => JSON.stringify({ file, records, end }),
  rest: ({ snapshots, epochs, sid }) => [
    JSON.stringify({ snapshots: snapshots.map(({ name, bytes }) => ({ file: name, bytes })), epochs, sid }),
  ],
};

function endWords(end: LogEnd): string {
  if (end.kind === 'whole') return `ends at byte ${end.atByte}`;
  return `${end.kind} at byte ${end.atByte}: ${end.why}`;
}
