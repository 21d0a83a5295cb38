/** Where a host is to be reached. */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
  /** TLS from the first byte. */
  readonly implicitTls: boolean;
}

/** `127.0.0.1:2525`, `[::1]:2525`, `mx.example.net`; port 25 where none is given. */
export function readEndpoint(text: string): Endpoint {
  const found = /^(\[[^\]]+\]|[^:]+)(?::(\d+))?$/.exec(text);
  return {
    address: (found?.[1] ?? text).replace(/^\[|\]$/g, ''),
    port: Number(found?.[2] ?? 25),
    implicitTls: false,
  };
}
