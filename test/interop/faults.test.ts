import { describe, expect, test } from 'vitest';
import { sendWithCurl } from './clients/curl.ts';
import { delivery } from './clients/delivery.ts';
import { type Fault, faults } from './clients/faults.ts';
import { sendWithNodemailer } from './clients/nodemailer.ts';
import { sendWithSmtplib } from './clients/smtplib.ts';
import { sendWithSwaks } from './clients/swaks.ts';
import { startHost } from './simulated-host.ts';

/** Sends one message to a host with the fault, and looks at what the client made of it. */
async function send<T>(
  { behaviours, timeout = 20 }: Fault,
  client: (message: ReturnType<typeof delivery>) => Promise<T>,
): Promise<T> {
  const host = await startHost('accept-all', { behaviours });
  try {
    return await client(delivery(host.port, { timeout }));
  } finally {
    await host.close();
  }
}

/** What four clients that are not ours see of the faults of a simulated host. */
describe.concurrent.each(faults)('$name', (fault) => {
  test('nodemailer', async () => {
    expect(await send(fault, sendWithNodemailer)).toMatchObject(fault.nodemailer);
  });

  test('smtplib', async () => {
    expect(await send(fault, sendWithSmtplib)).toMatchObject(fault.smtplib);
  });

  test('swaks', async () => {
    expect(fault.swaks).toContain((await send(fault, sendWithSwaks)).code);
  });

  if (!fault.curl) return;
  test('curl', async () => {
    expect(fault.curl).toContain((await send(fault, sendWithCurl)).code);
  });
});
