/** What both contenders print: one JSON object. */
export interface Measured {
  /** From the first byte to histories in memory. */
  readMs: number;
  /** Checking all of them, pass by pass; the first is cold. */
  passesMs: number[];
  verdicts: string[];
  calls: number;
  /** Peak resident memory of the process, and before it read anything. */
  peakBytes: number;
  idleBytes: number;
}

export type FileFormat = 'log' | 'edn' | 'kv';
