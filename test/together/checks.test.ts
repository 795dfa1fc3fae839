import { together } from './collect.ts';
import { CHECKS } from './groups.ts';

await together(CHECKS);
