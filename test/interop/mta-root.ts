import { existsSync } from 'node:fs';
import { chmod, chown, cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { certificateFor } from '../../src/sim/certificates.ts';
import { run } from './peers.ts';

/** Where fetch-mtas.sh unpacks the programs that cannot be installed beside Postfix. */
const unpacked = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'mxlab', 'mtas');
const script = relative(process.cwd(), join(import.meta.dirname, 'fetch-mtas.sh'));

/** Accounts that exist inside the chroot only. */
const daemons = { 'Debian-exim': 9901, opensmtpd: 9902, opensmtpq: 9903 } as const;
const firstMailbox = 9910;

type Daemon = keyof typeof daemons;

/** What a mail server finds in its chroot besides its programs. */
export interface Furniture {
  /** What the certificate in /etc/cert.pem says. */
  readonly name: string;
  readonly mailboxes: readonly string[];
  /** Who reads /etc/key.pem; root, unless said otherwise. */
  readonly keyOwner?: Daemon;
  /** By path inside. */
  readonly files: Readonly<Record<string, string>>;
  /** By path inside: whose it is. */
  readonly folders: Readonly<Record<string, Daemon | 'root'>>;
}

/** The version of a Debian package, such as `4.96-15+deb12u10`. Throws an Error that says how to fetch it. */
export async function packageVersion(name: 'exim' | 'opensmtpd', folder = unpacked): Promise<string> {
  const file = join(folder, `${name}.version`);
  if (!existsSync(file)) throw new Error(`${name} is not unpacked in ${folder}; run \`${script}\` first.`);
  return (await readFile(file, 'utf8')).trim();
}

/** Copies the unpacked programs into an empty folder and makes it a chroot for one server. */
export async function furnish(root: string, furniture: Furniture): Promise<void> {
  const { name, mailboxes, keyOwner, files, folders } = furniture;
  await packageVersion('exim');
  await chmod(root, 0o755);
  await cp(unpacked, root, { recursive: true, verbatimSymlinks: true });
  const { key, cert } = await certificateFor(name, 'good');
  const all = { ...accounts(mailboxes), 'etc/cert.pem': cert, 'etc/key.pem': key, ...files };
  for (const [path, text] of Object.entries(all)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  await chmod(join(root, 'etc/key.pem'), 0o600);
  if (keyOwner) await chown(join(root, 'etc/key.pem'), daemons[keyOwner], 0);
  for (const [path, owner] of Object.entries(folders)) {
    await mkdir(join(root, path), { recursive: true });
    await chmod(join(root, path), 0o711); // OpenSMTPD insists
    if (owner !== 'root') await chown(join(root, path), daemons[owner], 0);
  }
  await mkdir(join(root, 'dev'), { recursive: true });
  await device(join(root, 'dev/null'), '3');
  await device(join(root, 'dev/urandom'), '9');
}

function accounts(mailboxes: readonly string[]): Readonly<Record<string, string>> {
  const users: [string, number, string][] = [
    ['root', 0, '/root'],
    ...Object.entries(daemons).map(([name, id]): [string, number, string] => [name, id, '/var/empty']),
    ...mailboxes.map((name, i): [string, number, string] => [name, firstMailbox + i, `/home/${name}`]),
  ];
  return {
    'etc/passwd': users.map(([name, id, home]) => `${name}:x:${id}:${id}::${home}:/none\n`).join(''),
    'etc/group': users.map(([name, id]) => `${name}:x:${id}:\n`).join(''),
  };
}

async function device(path: string, minor: string): Promise<void> {
  const { code, errors } = await run('mknod', ['-m', '666', path, 'c', '1', minor]);
  if (code !== 0) throw new Error(`the chroot of a mail server needs root: ${errors}`);
}
