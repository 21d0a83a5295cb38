import { pathToFileURL } from 'node:url';
import type { ExamDoors, Validator } from '../validator.ts';

/** What a module's function is called with: the address, and doors that lead into the world of the case. */
type ModuleFunction = (address: string, doors: ExamDoors) => unknown;

/** A module that cannot be had. */
export class ModuleError extends Error {}

/** `file.mjs#name`: a function of a module; without a name its default export. Rejects with a ModuleError. */
export async function moduleValidator(reference: string, path: (file: string) => string): Promise<Validator> {
  const [, file = '', name = 'default'] = /^(.*?)(?:#([^#]*))?$/s.exec(reference) ?? [];
  let module: Record<string, unknown>;
  try {
    module = await import(pathToFileURL(path(file)).href);
  } catch (error) {
    throw new ModuleError(`${file} cannot be loaded: ${(error as Error).message}`);
  }
  const found = module[name] ?? (module.default as Record<string, unknown> | undefined)?.[name];
  if (typeof found !== 'function') {
    const names = Object.keys(module).filter((key) => typeof module[key] === 'function');
    throw new ModuleError(`${file} has no function called ${name}; functions: ${names.join(', ') || 'none'}`);
  }
  return {
    name: reference,
    ask: (address, doors) => call(found as ModuleFunction, address, doors),
  };
}

async function call(
  ask: ModuleFunction,
  address: string,
  { resolver, dial, clock, random }: ExamDoors,
): ReturnType<Validator['ask']> {
  try {
    const answer = await ask(address, { resolver, dial, clock, random });
    const json = JSON.stringify(answer ?? null);
    if (json === undefined) return { kind: 'crashed', why: `it answered with a ${typeof answer}` };
    const value: unknown = JSON.parse(json); // plain data: what its getters do, they do here
    return { kind: 'said', value, text: typeof value === 'string' ? value : json };
  } catch (error) {
    return { kind: 'crashed', why: wordsOf(error) };
  }
}

/** Anything may be thrown, even what is no text. */
function wordsOf(thrown: unknown): string {
  if (thrown instanceof Error) return thrown.message || thrown.name;
  try {
    return String(thrown);
  } catch {
    return `it threw ${typeof thrown}`;
  }
}
