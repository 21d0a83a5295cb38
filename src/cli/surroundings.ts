/** What a command needs of the process it runs in. */
export interface Surroundings {
  write(text: string): void;
  /** To standard error, one line. */
  complain(text: string): void;
  readonly terminal: boolean;
  /** Width of the terminal; 80 when it is none. */
  readonly columns: number;
  /** Colours that may be used: 0 none, 1 sixteen, 2 256, 3 all. */
  readonly colours: 0 | 1 | 2 | 3;
  /** Drawing characters may be used. */
  readonly unicode: boolean;
  readonly directory: string;
  exit(code: number): void;
  /** Calls `interrupt` on Ctrl-C (again on the second one). Returns how to stop listening. */
  onInterrupt(interrupt: () => void): () => void;
  stopwatch(): number;
}

/** The real process. */
export function processSurroundings(): Surroundings {
  const { stdout, stderr, env } = process;
  const terminal = stdout.isTTY === true && !env.CI;
  const plain = (env.NO_COLOR ?? '') !== '' || !terminal; // https://no-color.org
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(); // the reader (head, less) has had enough
  });
  return {
    write: (text) => void stdout.write(text),
    complain: (text) => void stderr.write(`${text}\n`),
    terminal,
    columns: stdout.columns ?? 80,
    colours: (env.FORCE_COLOR ?? '') !== '' && env.FORCE_COLOR !== '0' ? 1 : plain ? 0 : depthOf(stdout),
    unicode: !/^(?:C|POSIX)$/.test(env.LC_ALL || env.LC_CTYPE || env.LANG || ''),
    directory: process.cwd(),
    exit: (code) => process.exit(code),
    onInterrupt(interrupt) {
      process.on('SIGINT', interrupt);
      return () => void process.off('SIGINT', interrupt);
    },
    stopwatch: () => performance.now(),
  };
}

function depthOf(stdout: NodeJS.WriteStream): 0 | 1 | 2 | 3 {
  const depth = stdout.getColorDepth?.() ?? 1;
  return depth >= 24 ? 3 : depth >= 8 ? 2 : depth >= 4 ? 1 : 0;
}
