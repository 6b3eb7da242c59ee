import { findingLike, type Kind } from '../replay/same-finding.ts';
import type { ScenarioVerdict } from '../rule/verdict.ts';

/**
 * What a try of a recorded scenario shows. `hit`: the same rule found the same kind of breach; `other`: only other
 * breaches were found; `clean`: none; `nothing`: it proves nothing (a fault missed, a wait was in vain).
 */
export type Shown = 'hit' | 'other' | 'clean' | 'nothing';

export function shownAgain(verdict: ScenarioVerdict, kinds: readonly Kind[]): Shown {
  if (findingLike(verdict, kinds)) return 'hit';
  if (verdict.verdict === 'violation') return 'other';
  return verdict.verdict === 'pass' || verdict.verdict === 'budget' ? 'clean' : 'nothing';
}
