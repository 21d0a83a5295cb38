// The last step of the build: what is written in fixtures/knowledge as the program reads it at its start. Run behind tsc.
import { compiled } from '../dist/knowledge/knowledge.js';
import { compileShelf } from '../dist/knowledge/compiled-shelf.js';
import { volumeNames, yamlShelf } from '../dist/knowledge/yaml-shelf.js';

await compileShelf(yamlShelf(new URL('../fixtures/knowledge/', import.meta.url)), volumeNames, compiled);
