/**
 * A fleet run of simulated servers in a process of its own: `node simulation.ts STORE SERVERS REPORT [AT-A-TIME]`. What it
 * took is in REPORT.took, as JSON. Without a store (`-`) everything is kept in memory.
 */
import { stayLean } from '../../../engine/lean.ts';

// As the commands do: before everything else is loaded.
stayLean();
await import('./simulated-run.ts');
