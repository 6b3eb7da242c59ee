/**
 * Gives every demand a different offer that fits, as far as that is possible (Kuhn's algorithm for bipartite matching).
 * Returns the demands that were left without one: a shortage, whichever way the offers are dealt out.
 */
export function unmet<D, O>(
  demands: readonly D[],
  offers: readonly O[],
  fits: (demand: D, offer: O) => boolean,
): D[] {
  const takenBy = new Int32Array(offers.length).fill(-1);
  const edges = demands.map((demand) => {
    const fitting: number[] = [];
    for (let o = 0; o < offers.length; o++) if (fits(demand, offers[o]!)) fitting.push(o);
    return fitting;
  });
  const tried = new Int32Array(offers.length).fill(-1);
  return demands.filter((_, d) => !place(d, d));

  function place(demand: number, round: number): boolean {
    for (const offer of edges[demand]!) {
      if (tried[offer] === round) continue;
      tried[offer] = round;
      if (takenBy[offer]! < 0 || place(takenBy[offer]!, round)) {
        takenBy[offer] = demand;
        return true;
      }
    }
    return false;
  }
}
