import type { Understanding } from '../../evidence/understanding.ts';
import type { Answer } from './answer.ts';

/** Tells answers as they are found. */
export interface Teller {
  tell(answer: Answer): void;
  /** All has been told. False where nothing could be understood. */
  end(understanding: Understanding): boolean;
}
