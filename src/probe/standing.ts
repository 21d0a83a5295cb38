import { type Capabilities, capabilitiesOf, noCapabilities } from '../smtp/capabilities.ts';
import { isPositive, type Reply } from '../smtp/reply.ts';
import type { Command } from './command.ts';
import type { Objection } from './withheld.ts';

const isMessage = (command: Command): boolean => command.stage === 'message' && command.bare === true;

const verbOf = (command: Command): string => (command.bare ? '' : command.line.slice(0, 4).toUpperCase()); // RFC 5321 2.4

/** Where a session stands by what the host has said so far, and what may therefore be sent. */
export class Standing {
  /** Of the latest EHLO only. RFC 5321 4.1.4 */
  capabilities: Capabilities = noCapabilities;
  tls = false;
  authenticated = false;
  /** The host has said 354 and waits for a message. */
  messageDue = false;
  /** QUIT has been answered. */
  left = false;
  /** The MAIL command of the open transaction. */
  mail: string | undefined;
  #chunking = false;

  /** Takes notice of the reply to a command. */
  follow(command: Command, reply: Reply): void {
    if (command.stage === 'message' || (command.bare && this.messageDue)) return this.#endTransaction();
    if (command.stage === 'rcpt' || !isPositive(reply)) return;
    if (command.stage === 'auth') {
      this.authenticated ||= reply.code < 300;
      return;
    }
    switch (verbOf(command)) {
      case 'EHLO':
      case 'HELO':
        this.capabilities = verbOf(command) === 'EHLO' ? capabilitiesOf(reply) : noCapabilities; // RFC 5321 3.2
        this.#endTransaction();
        break;
      case 'MAIL':
        this.mail = command.line;
        break;
      case 'DATA':
        this.messageDue = reply.code >= 300;
        break;
      case 'BDAT':
        this.#chunking = true;
        break;
      case 'RSET':
        this.#endTransaction();
        break;
      case 'QUIT':
        this.left = true;
    }
  }

  /** Forgets all that was learnt in clear. RFC 3207 4.2 */
  secured(): void {
    this.tls = true;
    this.capabilities = noCapabilities;
    this.authenticated = false;
    this.#endTransaction();
  }

  /** What stands against sending commands now, in one write. Raw bytes are never objected to. */
  objectionTo(group: readonly Command[]): Objection | undefined {
    const beginsWithMessage = group[0] !== undefined && isMessage(group[0]); // RFC 2920 3.1
    for (const command of group) {
      const objection = this.#objectionTo(command, this.messageDue && !beginsWithMessage);
      if (objection) return objection;
    }
    return this.#objectionToGroup(group);
  }

  #objectionTo(command: Command, messageDue: boolean): Objection | undefined {
    if (isMessage(command)) return this.#objectionToMessage(command);
    if (command.bare) return undefined;
    if (messageDue) return { rule: 'SES-09', why: 'the host has said 354 and waits for the message' };
    return this.#objectionToNeeds(command) ?? this.#objectionToOrder(command);
  }

  /** RFC 2920 3.1 */
  #objectionToGroup(commands: readonly Command[]): Objection | undefined {
    if (commands.length < 2) return undefined;
    if (!this.capabilities.has('PIPELINING'))
      return { rule: 'PIP-01', why: 'the host has not offered PIPELINING' };
    const early = commands.find((command, i) => command.last && i < commands.length - 1);
    return (
      early && { rule: 'PIP-02', why: `${early.line.split(' ')[0]} may stand only at the end of a group` }
    );
  }

  #objectionToNeeds({ needs, stage }: Command): Objection | undefined {
    if (!needs) return undefined;
    if (stage === 'starttls' && this.tls) return { rule: 'TLS-04', why: 'TLS is on already' };
    if (needs.includes('REQUIRETLS') && !this.tls)
      return { rule: 'EXT-11', why: 'REQUIRETLS is for TLS only' };
    const missing = needs.find((keyword) => !this.capabilities.has(keyword));
    if (missing === undefined) return undefined;
    return { rule: ruleOf(missing, stage), why: `the host has not offered ${missing}` };
  }

  #objectionToOrder({ stage, line }: Command): Objection | undefined {
    if (stage === 'auth' && this.authenticated) return { rule: 'AUT-08', why: 'we have logged in already' };
    if (stage !== 'data' || line !== 'DATA') return undefined;
    if (this.#chunking) return { rule: 'EXT-07', why: 'the message has begun with BDAT' };
    if (/ BODY=BINARYMIME( |$)/i.test(this.mail ?? ''))
      return { rule: 'EXT-08', why: 'BINARYMIME travels by BDAT only' };
    return undefined;
  }

  #objectionToMessage({ eightBit }: Command): Objection | undefined {
    if (!this.messageDue) return { rule: 'SES-09', why: 'the host has not said 354' };
    if (!eightBit || / (?:BODY=(?:8BITMIME|BINARYMIME)|SMTPUTF8)( |$)/i.test(this.mail ?? ''))
      return undefined;
    return { rule: 'DAT-05', why: 'the message has 8-bit octets and MAIL had no BODY=8BITMIME' };
  }

  #endTransaction(): void {
    this.mail = undefined;
    this.messageDue = false;
    this.#chunking = false;
  }
}

/** The rule that ties a command to a keyword. */
function ruleOf(keyword: string, stage: Command['stage']): string {
  const rules: Readonly<Record<string, string>> = {
    STARTTLS: 'TLS-01',
    SMTPUTF8: 'EXT-05',
    CHUNKING: 'EXT-07',
    BINARYMIME: 'EXT-08',
    EXPN: 'SES-16',
  };
  return stage === 'auth' ? 'AUT-01' : (rules[keyword] ?? 'SYN-18');
}
