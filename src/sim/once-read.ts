import type { Socket } from 'node:net';
import type { Clock } from '../time/clock.ts';
import { nextRound } from '../time/event-loop.ts';

/** Gives a client in this process the time to read what was said before: Node takes an RST that comes with data for a FIN. */
export function onceRead(socket: Socket, clock: Clock, done: () => void): void {
  const release = clock.hold();
  socket.write('', () =>
    nextRound(() =>
      nextRound(() => {
        release();
        done();
      }),
    ),
  );
}
