import { z } from 'zod';
import { type Behaviour, behaviourKind, certificateFaults, tlsVersions } from '../behaviour.ts';
import { countSchema, replySchema } from '../options.ts';

/** `1.0` is the number 1 to YAML. */
const versionSchema = z
  .preprocess((version) => (typeof version === 'number' ? version.toFixed(1) : version), z.enum(tlsVersions))
  .describe('the only version of TLS that the host speaks, such as 1.0');

/**
 * TLS that does not work: STARTTLS offered but refused (454), accepted and then garbage, silence or a hang-up in the
 * handshake, a certificate that proves nothing, a version that nobody speaks any more (RFC 8996). Of a host with TLS from the
 * first byte the same, without STARTTLS.
 */
export const tlsFault = behaviourKind({
  name: 'tls-fault',
  options: z
    .strictObject({
      refuse: replySchema.optional().describe('the answer to STARTTLS, such as 454 4.7.0 TLS not available'),
      handshake: z
        .enum(['garbage', 'close', 'reset', 'silence'])
        .optional()
        .describe('what comes once the client has said its ClientHello'),
      'after-bytes': countSchema
        .optional()
        .describe("so many bytes of the server's half of the handshake come first"),
      certificate: z.enum(certificateFaults).optional().describe('what is wrong with the certificate'),
      version: versionSchema.optional(),
    })
    .refine((fault) => Object.keys(fault).filter((key) => key !== 'after-bytes').length === 1, {
      message: 'needs exactly one of refuse, handshake, certificate, version',
    })
    .refine((fault) => fault['after-bytes'] === undefined || fault.handshake !== undefined, {
      message: 'after-bytes counts bytes of the handshake: say what comes behind them',
    }),
  create({ refuse, handshake, certificate, version, 'after-bytes': afterBytes }): Behaviour {
    if (refuse)
      return { name: 'tls-fault', at: ['starttls'], decide: () => ({ kind: 'reply', reply: refuse }) };
    const after = afterBytes === undefined ? {} : { afterBytes };
    return {
      name: 'tls-fault',
      at: [],
      tls: {
        ...(handshake ? { handshake: { how: handshake, ...after } } : {}),
        ...(certificate ? { certificate } : {}),
        ...(version ? { version } : {}),
      },
    };
  },
});
