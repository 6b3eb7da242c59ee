/** Runs every step even when an earlier one fails, and then fails with all that went wrong: for tearing down. */
export async function inTurn(...steps: (() => unknown)[]): Promise<void> {
  const errors: unknown[] = [];
  for (const step of steps) {
    try {
      await step();
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length === 1) throw errors[0];
  if (errors.length > 1)
    throw new AggregateError(errors, `${errors.length} steps failed: ${errors.join('; ')}`);
}
