import { spawn } from 'node:child_process';
import { exitCodes } from './exit.ts';

/** What a command needs of the process it runs in. */
export interface Surroundings {
  write(text: string): void;
  /** To standard error, one line. */
  complain(text: string): void;
  /** Bytes that have been written and that nobody has read yet. */
  backlog(): number;
  /** Resolves once what has been written is read, or all but a little of it. */
  drained(): Promise<void>;
  /** What is piped in, in chunks as they come; nobody else may read it. */
  input(): AsyncIterable<Buffer>;
  /** Standard input is a person at a keyboard. */
  readonly typing: boolean;
  /** Writes over the line that it wrote before, to standard error; only where that is a terminal. An empty text takes the line away. */
  readonly progress?: (text: string) => void;
  readonly terminal: boolean;
  /** Width of the terminal as it is now, or what COLUMNS says where there is none; 80 without both. */
  readonly columns: number;
  /** Colours that may be used: 0 none, 1 sixteen, 2 256, 3 all. */
  readonly colours: 0 | 1 | 2 | 3;
  /** Drawing characters may be used. */
  readonly unicode: boolean;
  readonly directory: string;
  /** The code to exit with when all is done. */
  endWith(code: number): void;
  /** Exits at once. */
  exit(code: number): void;
  /** Calls `interrupt` on Ctrl-C, or when the program is asked to end (again on the second one). Returns how to stop listening. */
  onInterrupt(interrupt: (by: 'SIGINT' | 'SIGTERM') => void): () => void;
  stopwatch(): number;
  /** Shows a file in the person's browser, if there is one. Does not wait for it. */
  openInBrowser(path: string): void;
}

const endings = ['SIGINT', 'SIGTERM'] as const;

/** What shows a file in the browser, where it is not xdg-open. */
const openers: Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>> = {
  darwin: ['open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
};

/** The real process. Standard input is not touched before somebody asks for it. */
export function processSurroundings(): Surroundings {
  const { stdout, stderr, env } = process;
  const terminal = stdout.isTTY === true && !env.CI;
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(); // the reader (head, less) has had enough
    stderr.write(`mxlab: standard output cannot be written: ${error.message}.\n`);
    process.exit(exitCodes.defect);
  });
  stderr.on('error', () => {}); // there is nobody left to tell
  return {
    write: (text) => void stdout.write(text),
    complain: (text) => void stderr.write(`${text}\n`),
    backlog: () => stdout.writableLength,
    drained: () =>
      stdout.writableNeedDrain
        ? new Promise((resolve) => void stdout.once('drain', resolve))
        : Promise.resolve(),
    input: () => process.stdin,
    get typing() {
      return process.stdin.isTTY === true;
    },
    ...(stderr.isTTY ? { progress: (text: string) => void stderr.write(`\r\x1b[K${text}`) } : {}),
    terminal,
    get columns() {
      return stdout.columns ?? widthIn(env);
    },
    colours: forcedColours(env) ?? ((env.NO_COLOR ?? '') !== '' || !terminal ? 0 : depthOf(stdout)), // https://no-color.org
    unicode: !/^(?:C|POSIX)$/.test(env.LC_ALL || env.LC_CTYPE || env.LANG || ''),
    directory: process.cwd(),
    endWith: (code) => {
      process.exitCode = code;
    },
    exit: (code) => process.exit(code),
    onInterrupt(interrupt) {
      for (const signal of endings) process.on(signal, interrupt);
      return () => {
        for (const signal of endings) process.off(signal, interrupt);
      };
    },
    stopwatch: () => performance.now(),
    openInBrowser: (path) => {
      const [opener, ...args] = openers[process.platform] ?? ['xdg-open'];
      const child = spawn(opener, [...args, path], { stdio: 'ignore', detached: true });
      child.on('error', () => {}); // there is none, and the path has been printed
      child.unref();
    },
  };
}

function widthIn({ COLUMNS = '' }: NodeJS.ProcessEnv): number {
  return /^[1-9]\d{0,3}$/.test(COLUMNS) ? Number(COLUMNS) : 80;
}

/** What FORCE_COLOR says: 0 to 3, and anything else for sixteen colours. */
function forcedColours({ FORCE_COLOR = '' }: NodeJS.ProcessEnv): 0 | 1 | 2 | 3 | undefined {
  if (FORCE_COLOR === '') return undefined;
  return ({ 0: 0, false: 0, 2: 2, 3: 3 } as const)[FORCE_COLOR] ?? 1;
}

function depthOf(stdout: NodeJS.WriteStream): 0 | 1 | 2 | 3 {
  const depth = stdout.getColorDepth?.() ?? 1;
  return depth >= 24 ? 3 : depth >= 8 ? 2 : depth >= 4 ? 1 : 0;
}

/** What this process takes of the machine. */
export function processFacts(): {
  readonly residentBytes: number;
  readonly heapBytes: number;
  readonly cpuSeconds: number;
  readonly started: number;
} {
  const { rss, heapUsed } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  return {
    residentBytes: rss,
    heapBytes: heapUsed,
    cpuSeconds: (user + system) / 1e6,
    started: performance.timeOrigin / 1_000,
  };
}
