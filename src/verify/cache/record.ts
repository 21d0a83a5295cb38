import type { Reply } from '../../smtp/reply.ts';
import type { DomainFacts } from '../domain-memory.ts';
import { sealNames } from '../exchanger-names.ts';
import type { ControlProbe, Verification } from '../verification.ts';
import { factsSchema, resultSchema, type StoredProbe, type StoredReply } from './record-schema.ts';

/** How much of a reply is kept. */
const mostLines = 16;
const mostWords = 512;

/** What is written of a result: with the words of hosts, or, `sealed`, with nothing that may name a mailbox or a host. */
export function storedResult(
  { address: _, cached: __, evidence, notes, ...found }: Verification,
  sealed: boolean,
): object {
  const { transcripts: ___, ending: ____, reply, postmaster, controls, host, ip, ...rest } = evidence; // an ending repeats what was said
  return {
    ...found,
    notes: sealed ? [] : notes,
    evidence: {
      ...rest,
      ...(sealed || host === undefined ? {} : { host }),
      ...(sealed || ip === undefined ? {} : { ip }),
      ...(reply ? { reply: storedReply(reply, sealed) } : {}),
      ...(postmaster ? { postmaster: storedReply(postmaster, sealed) } : {}),
      controls: controls.map((probe) => storedProbe(probe, sealed)),
    },
  };
}

/** A refusal of the postmaster counts by its words: without them it has to be heard again. A control that waits has a name. */
export function storedFacts(
  { probes, postmaster, deferred, exchangers, ...facts }: DomainFacts,
  sealed: boolean,
): object {
  return {
    ...facts,
    exchangers: sealed ? sealNames(exchangers) : exchangers,
    probes: probes.map((probe) => storedProbe(probe, sealed)),
    ...(postmaster && !(sealed && postmaster.code >= 400)
      ? { postmaster: storedReply(postmaster, sealed) }
      : {}),
    ...(deferred && !sealed ? { deferred } : {}),
  };
}

function storedProbe({ reply, address, host, ...probed }: ControlProbe, sealed: boolean): object {
  return {
    ...probed,
    ...(sealed || host === undefined ? {} : { host }),
    address: sealed ? '' : address,
    ...(reply ? { reply: storedReply(reply, sealed) } : {}),
  };
}

function storedReply({ code, enhanced, lines }: Reply, sealed: boolean): StoredReply {
  return {
    code,
    ...(enhanced === undefined ? {} : { enhanced }),
    lines: sealed ? [] : lines.slice(0, mostLines).map((line) => line.slice(0, mostWords)),
  };
}

/** Reads what was written; undefined for anything else. `domain` stands for names that were not written. */
export function readResult(stored: unknown, domain: string): Verification | undefined {
  const result = resultSchema.safeParse(stored).data;
  if (!result) return undefined;
  const { reply, postmaster, controls, ...rest } = result.evidence;
  return {
    ...result,
    address: '',
    evidence: {
      ...rest,
      ...(reply ? { reply: readReply(reply) } : {}),
      ...(postmaster ? { postmaster: readReply(postmaster) } : {}),
      controls: controls.map((probe) => readProbe(probe, domain)),
      transcripts: [],
    },
  };
}

/** The same for facts. */
export function readFacts(stored: unknown, domain: string): DomainFacts | undefined {
  const facts = factsSchema.safeParse(stored).data;
  if (!facts) return undefined;
  const { postmaster, probes, ...rest } = facts;
  return {
    ...rest,
    ...(postmaster ? { postmaster: readReply(postmaster) } : {}),
    probes: probes.map((probe) => readProbe(probe, domain)),
  };
}

function readProbe({ reply, address, ...probed }: StoredProbe, domain: string): ControlProbe {
  return {
    ...probed,
    address: address === '' ? `***@${domain}` : address,
    ...(reply ? { reply: readReply(reply) } : {}),
  };
}

/** The bytes are gone: the lines stand in for them. */
function readReply({ code, lines, ...rest }: StoredReply): Reply {
  const raw = lines.map((line, i) => `${code}${i < lines.length - 1 ? '-' : ' '}${line}`);
  return { code, ...rest, lines, raw };
}
