/** One claim that guides for running ZooKeeper make; scenarios carry its id as a tag. */
export interface Claim {
  /** "C08". */
  id: string;
  /** A few words for a table. */
  title: string;
  /** As the guides say it. */
  claim: string;
  /** What the servers' own code does, where the guides are imprecise or wrong; what the scenarios test. */
  law: string;
}

/** Tags of this form name claims, and nothing else. */
export const claimTag = /^C\d\d$/;
