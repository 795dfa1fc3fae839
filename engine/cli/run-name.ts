/** Whether a side of a comparison is a run of a store. A file of such a name is written ./run:1. */
export const isRun = (name: string): boolean => name.startsWith('run:');
