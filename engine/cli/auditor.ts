import { hostname, userInfo } from 'node:os';
import type { Report } from '../model.ts';

/** Who runs this, and from where. */
export const auditor = (): NonNullable<Report['auditor']> => ({ account: account(), host: hostname() });

/** A container may run under a number that no account has. */
const account = (): string => {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
};
