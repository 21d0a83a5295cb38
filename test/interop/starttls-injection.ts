import { connect, type Socket } from 'node:net';
import { connect as secure } from 'node:tls';

/**
 * Sends STARTTLS and a command behind it in one write, then NOOP and QUIT inside TLS. Resolves to the lines that came in
 * clear and those that came inside; a command carried over the border shows as one line too many.
 */
export async function injectBehindStarttls(
  port: number,
  command: string,
): Promise<{ readonly clear: readonly string[]; readonly inside: readonly string[] }> {
  const socket = connect({ host: '127.0.0.1', port });
  try {
    await linesUntil(socket, /^220 .*\r\n/);
    socket.write('EHLO probe.example.net\r\n');
    await linesUntil(socket, /^250 .*\r\n/m);
    socket.write(`STARTTLS\r\n${command}`);
    const clear = await linesUntil(socket, /\r\n$/);
    const tls = secure({ socket, rejectUnauthorized: false });
    tls.write('NOOP\r\nQUIT\r\n');
    return { clear, inside: await linesUntil(tls, /^221 .*\r\n/m) };
  } finally {
    socket.destroy();
  }
}

/** Collects what comes until it looks complete. Rejects when the other side leaves first. */
function linesUntil(socket: Socket, complete: RegExp): Promise<readonly string[]> {
  return new Promise((resolve, reject) => {
    let heard = '';
    const onEnd = (): void => reject(new Error(`the host left after ${JSON.stringify(heard)}`));
    const onData = (chunk: Buffer): void => {
      heard += chunk.toString('latin1');
      if (!complete.test(heard)) return;
      socket.off('data', onData).off('end', onEnd).off('error', reject);
      resolve(heard.split('\r\n').slice(0, -1));
    };
    socket.on('data', onData).once('end', onEnd).once('error', reject);
  });
}
