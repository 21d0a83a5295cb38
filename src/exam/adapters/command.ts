import { type ChildProcess, spawn } from 'node:child_process';
import { type RawAnswer, type Validator, valueIn } from '../validator.ts';

/** Output of a command that is kept, in bytes. */
const mostOutput = 65_536;

/** Where commands run. */
export interface CommandPlace {
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  /** Ends a process and whatever it started, by the number of its group. */
  readonly endGroup: (group: number) => void;
}

/** A command line in which `{address}` stands for the address, quoted for the shell; without it, the address comes last. */
export function commandValidator(command: string, place: CommandPlace): Validator {
  const withPlace = command.includes('{address}') ? command : `${command} {address}`;
  return {
    name: command,
    ask: (address, _doors, signal) => run(withPlace.replaceAll('{address}', quoted(address)), place, signal),
  };
}

/** For sh: nothing in it is read but the quote itself. */
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

function run(line: string, { env, cwd, endGroup }: CommandPlace, signal: AbortSignal): Promise<RawAnswer> {
  return new Promise((resolve) => {
    const child: ChildProcess = spawn('sh', ['-c', line], {
      env,
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    child.once('error', (error) => resolve({ kind: 'crashed', why: error.message }));
    const output = kept(child.stdout);
    const complaints = kept(child.stderr);
    const kill = (): void => {
      if (child.pid !== undefined) endGroup(child.pid);
    };
    signal.addEventListener('abort', kill, { once: true });
    child.once('close', (code, killed) => {
      signal.removeEventListener('abort', kill);
      const text = output();
      if (text.trim() === '' && (killed !== null || code === 126 || code === 127 || complaints() !== ''))
        resolve({
          kind: 'crashed',
          why: lastLine(complaints()) || `ended by ${killed ?? `exit code ${code}`}`,
        });
      else resolve({ kind: 'said', value: valueIn(text), text, ...(code === null ? {} : { exit: code }) });
    });
  });
}

/** What comes of a stream; a child that was not started, since all files that may be open are, has none. */
function kept(stream: NodeJS.ReadableStream | null): () => string {
  const chunks: Buffer[] = [];
  let size = 0;
  stream?.on('data', (chunk: Buffer) => {
    if (size < mostOutput) chunks.push(chunk.subarray(0, mostOutput - size));
    size += chunk.length;
  });
  return () => Buffer.concat(chunks).toString('utf8');
}

const lastLine = (text: string): string => text.trim().split('\n').at(-1) ?? '';
