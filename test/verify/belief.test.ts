import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../src/chance/seeded-random.ts';
import { acceptedShare, catchAllProbability, existsProbability } from '../../src/verify/belief.ts';

describe('the tables of the reference', () => {
  test.each([
    [1, 0.908],
    [2, 0.9974],
    [3, 0.9999],
  ])('%i controls accepted in sessions of their own', (accepted, expected) => {
    expect(catchAllProbability({ accepted, refused: 0 })).toBeCloseTo(expected, 3);
  });

  test.each([
    [{ accepted: 0, refused: 0 }, 0.3, 0.66],
    [{ accepted: 0, refused: 0 }, 0.7, 0.91],
    [{ accepted: 0, refused: 1 }, 0.3, 0.94],
    [{ accepted: 0, refused: 1 }, 0.9, 0.997],
    [{ accepted: 2, refused: 0 }, 0.3, 0.3],
  ])('%j with a prior of %f', (count, exists, expected) => {
    expect(existsProbability(count, { exists, catchAll: 0.2 })).toBeCloseTo(expected, 1);
  });

  test.each([
    [1, 0.667, 0.224],
    [2, 0.75, 0.368],
    [5, 0.857, 0.607],
    [20, 0.955, 0.867],
    [59, 0.984, 0.951],
  ])('the share after %i of as many accepted', (accepted, mean, low) => {
    const share = acceptedShare({ accepted, refused: 0 });
    expect(share.mean).toBeCloseTo(mean, 3);
    expect(share.low).toBeCloseTo(low, 3);
  });

  test('one of two', () => {
    const { low, high } = acceptedShare({ accepted: 1, refused: 1 });
    expect([low, high].map((x) => x.toFixed(3))).toEqual(['0.135', '0.865']);
  });
});

/** Domains drawn by the priors, each asked in so many sessions with the errors that the model knows. */
function population(size: number, sessions: number, seed: string): { catchAll: boolean; accepted: number }[] {
  const random = seededRandom(seed);
  const oneSession = (catchAll: boolean): boolean => {
    if (catchAll) return random() >= 0.02;
    return random() < 0.02 || random() < 0.005;
  };
  return Array.from({ length: size }, () => {
    const catchAll = random() < 0.2;
    const accepted = Array.from({ length: sessions }, () => oneSession(catchAll)).filter(Boolean).length;
    return { catchAll, accepted };
  });
}

test('who is said to accept everything with 0.95 or more does so at least 95 times in 100', () => {
  for (const sessions of [1, 2, 3]) {
    const sure = population(50_000, sessions, `seed ${sessions}`).filter(
      ({ accepted }) => catchAllProbability({ accepted, refused: sessions - accepted }) >= 0.95,
    );
    if (sessions === 1)
      expect(sure).toEqual([]); // one session is never enough for that
    else {
      expect(sure.length).toBeGreaterThan(5_000);
      expect(sure.filter(({ catchAll }) => catchAll).length / sure.length).toBeGreaterThanOrEqual(0.95);
    }
  }
});

test('stated probabilities are as often right as they say', () => {
  const all = population(100_000, 2, 'calibration');
  for (const accepted of [0, 1, 2]) {
    const group = all.filter((domain) => domain.accepted === accepted);
    const share = group.filter(({ catchAll }) => catchAll).length / group.length;
    expect(catchAllProbability({ accepted, refused: 2 - accepted })).toBeCloseTo(share, 1);
  }
});
