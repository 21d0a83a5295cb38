import { domains, parallel, readList } from './verify-world.ts';

type Check = (address: string) => Promise<unknown>;

/** A validator of npm, asked about as many addresses at the same time as everybody else. Its name is the argument. */
const validators = (await import(
  new URL('../../../test/interop/validators/validators.mjs', import.meta.url).href
)) as Readonly<Record<string, Check>>;
const check = validators[process.argv[2] ?? ''];
if (!check) throw new Error(`there is no validator called ${process.argv[2]}`);

const addresses = await readList();
const began = performance.now();
let unsure = 0;
const work = async (queue: string[]): Promise<void> => {
  for (let address = queue.shift(); address; address = queue.shift()) {
    const said = JSON.stringify(await check(address).catch((error: Error) => error.message));
    if (!/"(?:validMailbox|validSmtp|valid|success)":(?:true|false)/.test(said)) unsure++;
  }
};
await Promise.all(
  domains.map((domain) => {
    const queue = addresses.filter((address) => address.endsWith(`@${domain}`));
    return Promise.all(Array.from({ length: parallel }, () => work(queue)));
  }),
);
console.log(`${(performance.now() - began) / 1_000} seconds, ${unsure} wrong`);
process.exit();
