/**
 * Numbers for the names of nodes. Those of the history keep theirs; names that only answers tell (sequential nodes, lists
 * of children) and parents that nobody named follow.
 */
export class Paths {
  readonly names: string[];
  readonly root: string;
  private readonly ids = new Map<string, number>();
  private readonly parents: number[] = [];
  private readonly inside: boolean[] = [];

  constructor(names: readonly string[], root: string) {
    this.names = [...names];
    this.root = root;
    for (let id = 0; id < names.length; id++) this.ids.set(names[id]!, id);
  }

  get length(): number {
    return this.names.length;
  }

  idOf(name: string): number {
    const known = this.ids.get(name);
    if (known !== undefined) return known;
    const id = this.names.push(name) - 1;
    this.ids.set(name, id);
    return id;
  }

  find(name: string): number | undefined {
    return this.ids.get(name);
  }

  parentOf(id: number): number {
    const known = this.parents[id];
    if (known !== undefined) return known;
    const name = this.names[id]!;
    const parent = this.idOf(name.slice(0, name.lastIndexOf('/')));
    this.parents[id] = parent;
    return parent;
  }

  /** Whether the node belongs to the tree of the workload; the rest of the servers' tree belongs to others. */
  isInside(id: number): boolean {
    const known = this.inside[id];
    if (known !== undefined) return known;
    const name = this.names[id]!;
    const inside = name === this.root || name.startsWith(`${this.root}/`);
    this.inside[id] = inside;
    return inside;
  }
}
