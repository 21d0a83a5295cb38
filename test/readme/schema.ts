/** As much of a JSON Schema as tells which keys there are. */
interface Node {
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly required?: readonly string[];
  readonly items?: Node;
  readonly additionalProperties?: Node;
  readonly anyOf?: readonly Node[];
  readonly definitions?: Readonly<Record<string, Node>>;
}

/** A JSON Schema to look around in, without having to mind its references. */
export class Schema {
  readonly #root: Node;
  readonly #node: Node;

  constructor(root: object, node: Node = root) {
    this.#root = root;
    const name = node.$ref?.split('/').at(-1);
    this.#node = name === undefined ? node : (this.#root.definitions?.[name] ?? {});
  }

  get keys(): readonly string[] {
    return Object.keys(this.#node.properties ?? {});
  }

  get required(): readonly string[] {
    return this.#node.required ?? [];
  }

  get items(): Schema {
    return this.#below(this.#node.items);
  }

  /** Of a record. */
  get values(): Schema {
    return this.#below(this.#node.additionalProperties);
  }

  get alternatives(): readonly Schema[] {
    return (this.#node.anyOf ?? []).map((node) => this.#below(node));
  }

  at(key: string): Schema {
    return this.#below(this.#node.properties?.[key]);
  }

  #below(node: Node = {}): Schema {
    return new Schema(this.#root, node);
  }
}
