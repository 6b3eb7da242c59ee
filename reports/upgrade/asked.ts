/** What an upgrade was asked to be; stored beside run.json, so that its page can be written again. */
export interface UpgradeAsked {
  from: string;
  to: string;
  /** Only scenarios with this in their names were tried: nothing then says go. */
  filter?: string;
  /** Release of the brokers that stood on top in one scenario. */
  kafka?: string;
  config?: {
    file: string;
    carried: Record<string, string>;
    left: { line: number; text: string; why: string }[];
  };
  data?: { directory: string; snapshots: number; logs: number; bytes: number };
  /** Of the new release, brought back on it by their recipes. */
  knownBugs: { id: string; breaks: string }[];
}

export const askedFile = 'upgrade.json';
