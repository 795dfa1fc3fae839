import { Mistake } from '../mistake.ts';

/** The user that an address names, unescaped; empty where it names none. Throws Mistake for what no escape stands for. */
export const userIn = ({ protocol, host, username }: URL): string => {
  try {
    return decodeURIComponent(username);
  } catch (cause) {
    throw new Mistake(`${protocol}//${host}: its user cannot be read`, 'write % as %25, and \\ as %5C', { cause });
  }
};
