import type { Call, Model } from '../model.ts';

/**
 * What the calls of one part allow to simplify. Only for models of ours: what these functions say is a promise that no
 * search can check, and a wrong one makes wrong verdicts.
 */
export interface Reduction {
  /** The model with states merged that no call of the part tells apart, and without steps that lead nowhere. */
  readonly model: Model;
  /** The states the calls may begin in, as the model has them. */
  readonly initial: readonly unknown[];
  /**
   * Taking the call out of any legal order leaves a legal order, as nobody sees its effect. An optional one is then left
   * out. A definite one that is also `total` need only stand at its return, or right before a `blind` call: wherever
   * else an order has it, moving it there leaves a legal order.
   */
  unseen(call: Call): boolean;
  /** Legal in every state. */
  total(call: Call): boolean;
  /**
   * The only state in which a read-only call is legal, where no two calls of the part lead to that state: once left, it
   * does not come again.
   */
  needs(call: Call): { state: unknown } | undefined;
  /** Total, and leads to the same state from every state. */
  blind(call: Call): boolean;
}

/** The calls of a part by meaning, and how many there are of each. */
export interface CallCount {
  readonly call: Call;
  readonly count: number;
}

export type Reduce = (calls: readonly CallCount[], initial: readonly unknown[]) => Reduction;

export const irreducible = (model: Model, initial: readonly unknown[]): Reduction => ({
  model,
  initial,
  unseen: () => false,
  total: () => false,
  needs: () => undefined,
  blind: () => false,
});
