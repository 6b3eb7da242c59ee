/** What a suite or a program of your own may use. */

export type { Limits, LinVerdict } from './lin/check.ts';
export { checkLinearizable, type RecordedCall } from './lin/linearizable.ts';
export type { Call, Model } from './lin/model.ts';
export { models } from './lin/models.ts';
export type { Finding, RunVerdict, ScenarioVerdict, Verdict } from './rule/verdict.ts';
export { judgeScenarioIn } from './run/judge.ts';
export { openRun, type RunRecord, type ScenarioRecord } from './run/run-directory.ts';
export { defineSuite } from './scenario/define.ts';
export type { ScenarioInput, SuiteInput } from './scenario/scenario.ts';
