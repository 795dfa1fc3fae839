import { Mistake } from '../mistake.ts';

/** The user that an address names, unescaped; empty where it names none. Throws Mistake for what is no text of one line. */
export const userIn = ({ protocol, host, username }: URL): string => {
  const user = unescaped(username);
  if (user === undefined || /\p{Cc}/u.test(user))
    throw new Mistake(`${protocol}//${host}: its user cannot be read`, 'write % as %25, and \\ as %5C');
  return user;
};

const unescaped = (text: string): string | undefined => {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
};
