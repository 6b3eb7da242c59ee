/** How often a property is tried: as often as it says, or less where the mutation score asks for little at a time. */
export const enough = (times: number): number =>
  Math.min(times, Number(process.env.TEST_REPETITIONS_MAX ?? times));
