import { testConsole } from '../readme/console.ts';
import { blocks } from '../readme/readme.ts';

/** With Python, swaks and curl, which `npm test` does without. */
testConsole(
  blocks.filter(
    ({ language, section }) => language === 'console' && section === 'Test a program in any language',
  ),
);
