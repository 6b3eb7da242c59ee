/** A search that can be interrupted. `run` goes on until it knows or has looked at `nodes` more configurations. */
export interface Search {
  run(nodes: number): 'ok' | 'violation' | 'more';
  /** Memory it holds, roughly. */
  readonly bytes: number;
}
