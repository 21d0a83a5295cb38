/** What control addresses have shown of a domain, one session each: controls of one session fail or pass together. */
export interface ControlCount {
  readonly accepted: number;
  readonly refused: number;
}

/** How often things are as they are, before anything was asked. All are shares from 0 to 1. */
export interface Priors {
  /** Of addresses asked about, those that exist. */
  readonly exists: number;
  /** Of domains, those that accept everything. */
  readonly catchAll: number;
}

export const usualPriors: Priors = { exists: 0.7, catchAll: 0.2 };

/** An existing mailbox is accepted. */
const acceptsReal = 0.97;
/** A host that accepts everything refuses a control by accident. */
const refusesByAccident = 0.02;
/** A whole session accepts everything: a directory is down, or a harvester is suspected. */
const wholeSession = 0.02;
/** One answer is wrong by itself. */
const oneAnswer = 0.005;

const acceptsControl = wholeSession + (1 - wholeSession) * oneAnswer;

/**
 * How likely it is that a domain accepts everything, after so many controls, each in a session of its own: Bayes between a domain that
 * accepts everything and one that checks.
 */
export function catchAllProbability(
  { accepted, refused }: ControlCount,
  { catchAll }: Priors = usualPriors,
): number {
  const odds =
    (catchAll / (1 - catchAll)) *
    ((1 - refusesByAccident) / acceptsControl) ** accepted *
    (refusesByAccident / (1 - acceptsControl)) ** refused;
  return odds / (1 + odds);
}

/** How likely it is that an accepted address exists: Bayes, with what the controls say about other addresses being accepted. */
export function existsProbability(count: ControlCount, priors: Priors = usualPriors): number {
  const all = catchAllProbability(count, priors);
  const falsely = all * (1 - refusesByAccident) + (1 - all) * acceptsControl;
  const real = priors.exists * acceptsReal;
  return real / (real + (1 - priors.exists) * falsely);
}

/** The share of unknown addresses that a domain accepts: mean and an interval that holds it with 90 %. */
export interface Share {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** Beta posterior of that share under a uniform prior. */
export function acceptedShare({ accepted, refused }: ControlCount): Share {
  const [a, b] = [accepted + 1, refused + 1];
  return { mean: a / (a + b), low: betaQuantile(0.05, a, b), high: betaQuantile(0.95, a, b) };
}

/** By halving, to nine digits. */
function betaQuantile(probability: number, a: number, b: number): number {
  let [low, high] = [0, 1];
  for (let i = 0; i < 30; i++) {
    const middle = (low + high) / 2;
    if (betaDistribution(middle, a, b) < probability) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** The Beta distribution function for whole a and b: a binomial tail of n = a + b - 1 throws. */
function betaDistribution(x: number, a: number, b: number): number {
  const n = a + b - 1;
  let term = (1 - x) ** n;
  let below = 0;
  for (let k = 0; k < a; k++) {
    below += term;
    if (x === 1) return 1;
    term *= ((n - k) / (k + 1)) * (x / (1 - x));
  }
  return 1 - below;
}
