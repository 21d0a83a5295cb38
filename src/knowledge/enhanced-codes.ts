import { codeTest } from './matcher.ts';
import type { EnhancedCode, EnhancedCodesData } from './schema/enhanced-codes.ts';
import type { Meaning } from './schema/reply-codes.ts';

/** What an enhanced code says, and who says so. */
export interface EnhancedReading extends Meaning {
  readonly title: string;
  readonly source: string;
  /** The registry's entry, where there is one. */
  readonly entry?: EnhancedCode;
}

type VendorCode = EnhancedCodesData['vendor'][number];
type PartMeaning = Pick<EnhancedCodesData['subjects']['0'], 'title' | 'says'>;

const vendorTrust = 0.8;
const subjectTrust = 0.2;

/** The registry, with the readings of particular providers in front of it. */
export class EnhancedCodeBook {
  readonly codes: ReadonlyMap<string, EnhancedCode>;
  readonly #data: EnhancedCodesData;
  readonly #vendor: readonly {
    test: (code: string) => boolean;
    reading: EnhancedReading;
    provider: string;
  }[];

  constructor(data: EnhancedCodesData) {
    this.#data = data;
    this.codes = new Map(data.codes.map((code) => [code.code, code]));
    this.#vendor = data.vendor.map(({ codes, provider, ...rest }) => ({
      test: codeTest(codes),
      provider,
      reading: { ...rest, confidence: vendorTrust, advice: '', source: `as ${provider} uses it` },
    }));
  }

  /** The registry's entry for `5.1.1`, which it keeps as `X.1.1`. */
  entry(code: string): EnhancedCode | undefined {
    return this.codes.get(`X${code.slice(1)}`);
  }

  /** What the code means from this provider; an unknown detail is read as its subject. RFC 3463 2 */
  read(code: string, providers: readonly string[]): EnhancedReading | undefined {
    const entry = this.entry(code);
    const vendor = this.#vendor.find(({ test, provider }) => providers.includes(provider) && test(code));
    const registered = entry === undefined ? this.#readSubject(code) : readEntry(entry, code);
    if (vendor === undefined) return registered;
    const advice = registered?.advice ?? '';
    return { ...vendor.reading, advice, ...(entry === undefined ? {} : { entry }) };
  }

  /** What providers make of a code such as 5.7.606, those that use it against its registration among them. */
  vendorsOf(code: string): readonly VendorCode[] {
    return this.#data.vendor.filter(({ codes }) => codeTest(codes)(code));
  }

  /** What class and subject of a code say. RFC 3463 2, 3 */
  parts(digit: string, subject: string): { readonly kind?: PartMeaning; readonly about?: PartMeaning } {
    const kind = this.#data.classes[digit as '2'];
    const about = this.#data.subjects[subject as '0'];
    return { ...(kind === undefined ? {} : { kind }), ...(about === undefined ? {} : { about }) };
  }

  #readSubject(code: string): EnhancedReading | undefined {
    const [digit = '', number = ''] = code.split('.');
    const subject = this.#data.subjects[number as '0'];
    const kind = this.#data.classes[digit as '2'];
    if (subject === undefined || kind === undefined) return undefined;
    return {
      title: `${subject.title} (detail not registered)`,
      says: `${subject.says} ${kind.says}`,
      about: subject.about,
      reason: digit === '2' ? 'accept' : subject.reason,
      confidence: subjectTrust,
      advice: 'Read the words.',
      verifier: digit === '4' ? 'retry' : 'unknown',
      source: 'RFC 3463 2',
    };
  }
}

function readEntry(entry: EnhancedCode, code: string): EnhancedReading {
  const here = entry.class[code[0] as '2'];
  return {
    title: entry.title,
    source: entry.source,
    entry,
    says: here?.says ?? entry.says,
    about: here?.about ?? entry.about,
    reason: here?.reason ?? entry.reason,
    // A class that the code is not meant for tells less.
    confidence: here?.confidence ?? (here === undefined ? entry.confidence / 2 : entry.confidence),
    advice: here?.advice ?? entry.advice,
    verifier: here?.verifier ?? 'unknown',
  };
}
