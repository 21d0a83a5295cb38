import { run } from '../peers.ts';

/** What `openssl s_client` tells of a handshake at security level 2, with the root to trust in a file. */
export async function handshakeWithOpenssl(
  port: number,
  { rootFile, implicit }: { readonly rootFile: string; readonly implicit: boolean },
): Promise<string> {
  const how = implicit ? [] : ['-starttls', 'smtp'];
  const check = ['-CAfile', rootFile, '-verify_hostname', 'mx.example.net', '-verify_return_error'];
  const where = ['s_client', '-connect', `127.0.0.1:${port}`, '-servername', 'mx.example.net'];
  const { output, errors } = await run(
    'openssl',
    [...where, ...how, ...check, '-cipher', 'DEFAULT@SECLEVEL=2'],
    'QUIT\n',
  );
  return `${output}\n${errors}`;
}
