import { together } from './collect.ts';
import { REST } from './groups.ts';

await together(REST);
