import { type Validator, valueIn } from '../validator.ts';

/** Bytes of an answer that are read. */
const mostBody = 65_536;

/**
 * A service that is asked over HTTP: GET where the URL has `{address}` in it, otherwise POST with `{"email": address}` as JSON. Its
 * answer is what it says, whatever the status: many say 4xx for an address that is none.
 */
export function httpValidator(url: string): Validator {
  return {
    name: url,
    async ask(address, _doors, signal) {
      try {
        const response = await (url.includes('{address}')
          ? fetch(url.replaceAll('{address}', encodeURIComponent(address)), { signal })
          : fetch(url, {
              method: 'POST',
              headers: { 'content-type': 'application/json', accept: 'application/json' },
              body: JSON.stringify({ email: address }),
              signal,
            }));
        const text = await bodyOf(response);
        if (response.status >= 500) return { kind: 'crashed', why: `HTTP ${response.status} ${text}` };
        return { kind: 'said', value: valueIn(text), text };
      } catch (error) {
        const { message, cause } = error as Error;
        return { kind: 'crashed', why: cause instanceof Error ? `${message}: ${cause.message}` : message };
      }
    },
  };
}

/** The beginning of a body; of one that never ends the rest is left where it is. */
async function bodyOf({ body }: Response): Promise<string> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of body ?? []) {
    pieces.push(piece.subarray(0, mostBody - size));
    size += piece.length;
    if (size >= mostBody) break;
  }
  return Buffer.concat(pieces).toString('utf8');
}
