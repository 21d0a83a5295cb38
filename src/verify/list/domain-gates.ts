/** Lets one address of a domain go first: what it finds out about the domain, the others need not ask again. */
export class DomainGates {
  readonly #gates = new Map<string, { first: boolean; inside: number; waiting: (() => void)[] }>();

  /** Resolves when the address may go; the returned function tells that it has been. */
  async enter(domain: string): Promise<() => void> {
    const gate = this.#gates.get(domain);
    if (!gate) {
      this.#gates.set(domain, { first: true, inside: 1, waiting: [] });
      return () => this.#leave(domain);
    }
    gate.inside++;
    if (gate.first) await new Promise<void>((resolve) => gate.waiting.push(resolve));
    return () => this.#leave(domain);
  }

  #leave(domain: string): void {
    const gate = this.#gates.get(domain);
    if (!gate) return;
    gate.inside--;
    gate.first = false;
    for (const go of gate.waiting.splice(0)) go();
    if (gate.inside === 0) this.#gates.delete(domain);
  }
}
